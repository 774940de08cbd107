"""Who is the customer, who is the rep, and who is left unknown."""

import json
from datetime import timedelta

import pytest

from core.domain import (
    Account,
    AccountId,
    Contact,
    ContactId,
    Deal,
    DealId,
    Opportunity,
    Rep,
    RepId,
    Role,
)
from core.errors import InvalidInput
from transcripts.speakers import UNKNOWN, Participant, read_meeting_meta, role_in_meeting, role_of


def contact(key: str, name: str, email: str | None = None) -> Contact:
    return Contact(id=ContactId(key), name=name, email=email)


DEAL = Deal(
    account=Account(id=AccountId("acc-1"), name="星源"),
    opportunity=Opportunity(id=DealId("opp-1"), name="MES"),
    contacts=(
        contact("c-1", "王建国", "wangjg@xingyuan.example"),
        contact("c-2", "Wang Jianguo", "Jianguo.Wang@xingyuan.example"),
        contact("c-3", "Anna Smith-Jones"),
        contact("c-4", "李敏", "sales@twin.example"),
        contact("c-5", "李敏", "limin@xingyuan.example"),
    ),
    rep=Rep(id=RepId("rep-7"), name="陈思远", email="chen@qiheng.example"),
)
WANG = (Role.CUSTOMER, "c-1")


@pytest.mark.parametrize(
    "name",
    [
        "王建国",
        " 王 建国 ",
        "王建国(Host)",
        "王建国（采购部）",
        "王建国-采购部",
        "王建国 | 星源",
        "王建国-星源汽配",
        "星源-王建国",
        "王建国 星源汽配",
        "王建国 Jason",
        "王建国\u200b",
        "【星源】王建国",
        "王建国/采购",
    ],
)
def test_a_decorated_chinese_name_is_its_contact(name: str) -> None:
    assert role_of(name=name, email=None, deal=DEAL) == WANG


@pytest.mark.parametrize(
    "name",
    [
        "wang jianguo",
        "Wang, Jianguo",
        "Ｗａｎｇ　Ｊｉａｎｇｕｏ",
        "Mr. Wang Jianguo",
        "WANG JIANGUO (Guest)",
    ],
)
def test_a_latin_name_is_its_contact_in_any_case_and_either_side_of_a_comma(name: str) -> None:
    assert role_of(name=name, email=None, deal=DEAL) == (Role.CUSTOMER, "c-2")


@pytest.mark.parametrize(
    "name",
    [
        None,
        "",
        "王总",
        "建国",
        "王建国的电脑",
        "王建国(助理)",
        "王建国-助理",
        "Jianguo Wang",
        "Anna Smith",
        "Smith-Jones",
        "三楼会议室",
        "星源",
        "李敏",
        "王建国/陈思远",
    ],
)
def test_nobody_is_guessed(name: str | None) -> None:
    assert role_of(name=name, email=None, deal=DEAL) == UNKNOWN


def test_the_rep_is_the_rep() -> None:
    assert role_of(name="陈思远 | 启衡", email=None, deal=DEAL) == (Role.REP, None)
    assert role_of(name=None, email="CHEN@qiheng.example", deal=DEAL) == (Role.REP, None)


def test_an_address_decides_whole_and_in_any_case() -> None:
    def by(email: str, name: str | None = None) -> object:
        return role_of(name=name, email=email, deal=DEAL)

    assert by(" WangJG@Xingyuan.example ", "anyone") == WANG
    assert by("limin@xingyuan.example", "李敏") == (Role.CUSTOMER, "c-5")
    assert by("somebody@xingyuan.example") == UNKNOWN
    assert by("wangjg@xingyuan.example.evil.example") == UNKNOWN


def test_a_foreign_address_outweighs_a_borrowed_name() -> None:
    assert role_of(name="王建国", email="wang@mailbox.example", deal=DEAL) == UNKNOWN
    # The record holds no address for her that this one could contradict.
    assert role_of(name="Anna Smith-Jones", email="anna@home.example", deal=DEAL) == (
        Role.CUSTOMER,
        "c-3",
    )


def test_a_mailbox_of_two_contacts_is_the_customers_but_nobodys_own() -> None:
    shared = Deal(
        account=DEAL.account,
        opportunity=DEAL.opportunity,
        contacts=(contact("c-1", "A", "buy@x.example"), contact("c-2", "B", "buy@x.example")),
    )
    assert role_of(name="A", email="buy@x.example", deal=shared) == (Role.CUSTOMER, None)


def test_the_participant_list_tells_namesakes_apart() -> None:
    listed = [Participant("李敏", "limin@xingyuan.example"), Participant("王建国-助理", None)]
    assert role_in_meeting("李敏", deal=DEAL, participants=listed) == (Role.CUSTOMER, "c-5")
    assert role_in_meeting("李敏 | 星源", deal=DEAL, participants=listed) == (Role.CUSTOMER, "c-5")
    assert role_in_meeting("李敏", deal=DEAL, participants=[]) == UNKNOWN
    assert role_in_meeting(None, deal=DEAL, participants=listed) == UNKNOWN


def test_a_nickname_is_known_by_its_address_and_a_doubled_name_by_none() -> None:
    nick = [Participant("老王", "wangjg@xingyuan.example")]
    assert role_in_meeting("老王", deal=DEAL, participants=nick) == WANG
    twice = [*nick, Participant("老王", "chen@qiheng.example")]
    assert role_in_meeting("老王", deal=DEAL, participants=twice) == UNKNOWN


def test_a_stand_in_does_not_inherit_the_address() -> None:
    listed = [Participant("王建国", "wangjg@xingyuan.example")]
    assert role_in_meeting("王建国(助理)", deal=DEAL, participants=listed) == UNKNOWN


def test_the_sidecar_keeps_the_zone_that_it_writes() -> None:
    raw = json.dumps(
        {
            "start_time": "2026-11-19T00:30:00+08:00",
            "title": " 沟通会 ",
            "participants": [{"name": "王建国", "email": None}, "Ann", {"email": "a@b.example"}],
            "other": 1,
        }
    ).encode()
    meta = read_meeting_meta(b"\xef\xbb\xbf" + raw)
    assert meta.start_time is not None
    assert meta.start_time.date().isoformat() == "2026-11-19"
    assert meta.start_time.utcoffset() == timedelta(hours=8)
    assert meta.title == "沟通会"
    assert meta.participants == (
        Participant("王建国", None),
        Participant("Ann", None),
        Participant(None, "a@b.example"),
    )


def test_an_empty_sidecar_object_is_allowed() -> None:
    meta = read_meeting_meta(b'{"start_time": null, "participants": null}')
    assert (meta.start_time, meta.title, meta.participants) == (None, None, ())


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"{", "no JSON"),
        (b"\xff\xff", "no JSON"),
        (b"[]", "no object"),
        (b'{"start_time": "2026-11-19T15:00:00"}', "no time zone"),
        (b'{"start_time": "yesterday"}', "no time"),
        (b'{"start_time": 5}', "no text"),
        (b'{"participants": {}}', "no list"),
        (b'{"participants": "Ann"}', "no list"),
        (b'{"participants": [3]}', "no object"),
    ],
)
def test_a_sidecar_of_another_shape_is_refused(raw: bytes, reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason):
        read_meeting_meta(raw)
