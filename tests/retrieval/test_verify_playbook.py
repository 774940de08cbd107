"""Every claim and move of the playbook, filled with true material, must pass verification."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime

from agents.coach.playbook import Play, load_playbook
from agents.coach.situation import Situation
from agents.coach.slots import CrmValue, Material, claims_of, fill, render
from core.domain import (
    LANGUAGES,
    Channel,
    Deviation,
    Evidence,
    IntentId,
    PooledIntent,
    Role,
    SourceId,
)
from knowledge_graph.crm.deal_folder import crm_evidence, crm_fields
from knowledge_graph.crm.record import parse_record
from retrieval.verify import verify_claim

LONG_ZH = (
    "不好意思，这个月底之前定不了，张总说要等董事会。如果不行，就明年一季度再说吧；"
    "另外我们的产线有六条，每条线十二个工位，夜班的同事用平板扫码，网络经常断，一断就得重新录，"
    "一个班下来要多花一个半小时，所以离线功能必须有，而且要和现在的 ERP 对上，"
    "SAP 那边的顾问说接口要单独收费，这笔钱谁出也没有说清楚，您看看能不能在方案里写明白。"
)
LONG_EN = (
    "To be honest, I'm not sure we can roll this out to all 140 stores before the peak season, "
    "because last year's migration failed twice, nobody owned the data cleaning, and the vendor "
    'told us "no problem" until go-live; so we\'d like to see a real reference before we sign.'
)
QUOTES = {
    "zh": (
        "能不能再让三个点",
        "预算大概四十八万，但是财务还没批下来。",
        "我们等保三级下周要复测，用友那边报了 52 万元，你们 MES-3000 的文档什么时候给？",
        LONG_ZH,
        "他说“先不急”，不过我觉得年底前能上线",
    ),
    "en": (
        "Could you do something about the price?",
        "We have about $480k set aside, but finance hasn't signed off yet.",
        "Without legal by Friday we won't make the 20 December board; Acme said 52,000 EUR.",
        LONG_EN,
        "It's a no from procurement unless you drop 8% by Q1.",
    ),
}
SPEAKERS = {"zh": "王建国", "en": "Priya Nair"}
RECORDS = {
    "zh": {
        "account": {"id": "a", "name": "华泰第三人民医院", "industry": "制造业"},
        "contacts": [{"id": "c-1", "name": "王建国"}, {"id": "c-2", "name": "李敏"}],
        "rep": {"id": "r", "name": "陈磊"},
        "opportunity": {
            "id": "o",
            "name": "MES 二期",
            "stage": "negotiation",
            "amount": "480000.00",
            "currency": "CNY",
            "expected_close": "2026-12-20",
            "budget_status": "doubtful",
            "decision_maker": "c-2",
            "competitors": ["用友", "金蝶 K3"],
            "trial_window": {"start": "2026-11-02", "end": "2026-11-16"},
            "next_step": "11月5日前由“陈磊”发送安全问卷\n并约李总",
            "updated_at": "2026-11-20T08:00:00Z",
        },
        "products": ["MES-3000", "质量看板"],
    },
    "en": {
        "account": {"id": "a", "name": "Harbor Public Schools", "industry": "education"},
        "contacts": [{"id": "c-1", "name": "Priya Nair"}, {"id": "c-2", "name": "Tom O'Brien"}],
        "rep": {"id": "r", "name": "Sam Lee"},
        "opportunity": {
            "id": "o",
            "name": "Campus rollout",
            "stage": "POC",
            "amount": 480000,
            "currency": "USD",
            "expected_close": "2026-12-20",
            "budget_status": "approved",
            "decision_maker": "c-2",
            "competitors": ["Blackboard", "PowerSchool SIS"],
            "trial_window": {"start": "2026-11-02", "end": "2026-11-16"},
            "next_step": 'Send the "DPA" to Tom by 5 Nov, then wait for legal',
            "updated_at": "2026-11-20T08:00:00Z",
        },
        "products": ["LearnHub 2.1"],
    },
}
NEEDS_TEXT = {"no_next_step": "", "silent_14d": "2026-11-03", "silent_30d": "2026-11-03"}


def spoken(quote: str, language: str, channel: Channel, role: Role = Role.CUSTOMER) -> Evidence:
    return Evidence(
        source_id=SourceId("s"),
        source_sha256=hashlib.sha256(quote.encode()).hexdigest(),
        file=f"{channel}s/x",
        channel=channel,
        start=0,
        end=len(quote),
        quote=quote,
        speaker=SPEAKERS[language] if role is Role.CUSTOMER else RECORDS[language]["rep"]["name"],
        role=role,
        occurred_at=datetime(2026, 11, 2, 23, 30, tzinfo=UTC),
        said_on=date(2026, 11, 3),
    )


def crm_of(language: str, record: dict[str, object]) -> dict[str, CrmValue]:
    text = json.dumps(record, ensure_ascii=language == "en", indent=2)
    deal = parse_record(record, fallback_id="o").deal
    fields = crm_fields(deal, text, source_id="crm", sha256="h", file="deal.json", as_of=None)
    return {n: CrmValue(f.value, f.label, f.evidence) for n, f in fields.items()}


def material(play: Play, quote: str, language: str, channel: Channel) -> Material:
    """True material for every slot of the play."""
    record = RECORDS[language]
    crm = crm_of(language, record)
    words = spoken(quote, language, channel)
    intents, deviations, situations = {}, {}, {}
    for slot in play.slots.values():
        if slot.kind == "intent":
            intents[slot.key] = PooledIntent(IntentId(slot.key), 0.9, {"meeting": 0.9}, (words,))
        elif slot.kind == "deviation":
            field = crm[slot.key]
            deviations[slot.key] = Deviation(
                slot.key, field.value, "x", "high", field.evidence, (words,)
            )
        elif slot.kind == "signal":
            situations[slot.key] = situation(slot.key, words, crm, language)
    return Material(None, None, intents, deviations, crm, situations)


def situation(name: str, words: Evidence, crm: dict[str, CrmValue], language: str) -> Situation:
    if name in ("silent_14d", "silent_30d"):
        return Situation("2026-11-03", words)
    if name in ("single_threaded", "champion_active"):
        return Situation(SPEAKERS[language], words)
    if name == "unanswered_question":
        return Situation(words.quote, words)
    if name == "rep_talks_most":
        talk = spoken(words.quote, language, Channel.MEETING, Role.REP)
        return Situation(talk.speaker or "", talk)
    if name == "no_next_step":
        record = json.dumps({"opportunity": {"next_step": None}})
        gap = crm_evidence(
            record,
            pointer="/opportunity/next_step",
            source_id="crm",
            sha256="h",
            file="deal.json",
            field=name,
            as_of=None,
        )
        assert gap is not None
        return Situation("", gap)
    field = {
        "close_soon_30d": "expected_close",
        "close_date_past": "expected_close",
        "trial_running": "trial_window",
        "trial_over": "trial_window",
        "public_buyer": "account",
        "many_competitors": "competitors",
    }[name]
    return Situation(crm[field].value, crm[field].evidence)


def names_of(language: str) -> tuple[str, ...]:
    record = RECORDS[language]
    return (
        *(c["name"] for c in record["contacts"]),
        record["rep"]["name"],
        *record["opportunity"]["competitors"],
        *record["products"],
        record["account"]["name"],
    )


def filled_plays() -> Iterator[tuple[str, str, str, Channel, Play, Material]]:
    for play in load_playbook().plays:
        for language, quotes in QUOTES.items():
            for quote in quotes:
                for channel in (Channel.EMAIL, Channel.MEETING):
                    yield (
                        play.id,
                        language,
                        quote,
                        channel,
                        play,
                        material(play, quote, language, channel),
                    )


def test_every_filled_claim_and_move_of_the_playbook_is_supported() -> None:
    n_claims, failures = 0, []
    for play_id, language, _, _, play, known in filled_plays():
        filled = fill(play, known)
        assert filled is not None, play_id
        claims = claims_of(play, filled)
        assert len(claims) == len(play.claims), play_id
        every = [e for claim in claims for e in claim.evidence]
        move = render(play.move, filled)
        assert move is not None
        for at in LANGUAGES:
            for claim in claims:
                n_claims += 1
                said = verify_claim(claim.text.get(at), claim.evidence, names=names_of(language))
                if not said.supported:
                    failures.append((play_id, said.reasons, claim.text.get(at)))
            advice = verify_claim(move.get(at), every, names=names_of(language), facts_only=True)
            if not advice.supported:
                failures.append((play_id, advice.reasons, move.get(at)))
    assert not failures, failures[:10]
    assert n_claims > 2_000
