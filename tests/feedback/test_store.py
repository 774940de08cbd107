"""What was shown and what was said of it, on both databases."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, select

from core.database import Database
from core.domain import Suggestion, SuggestionId, Verdict
from core.errors import Conflict, InvalidInput, NotFound
from core.tables.coaching import SuggestionSourceRow
from core.tables.sources import SourceRow
from feedback import store
from feedback.calibration import prior_score
from feedback.verdicts import make_verdict

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
T = "t-1"


@pytest.fixture
def with_sources(database: Database) -> Database:
    with database.write() as session:
        for number in range(1, 4):
            session.add(
                SourceRow(
                    id=f"src-{number}",
                    tenant_id=T,
                    scope="acc-1",
                    origin="opp-1",
                    path=f"meetings/{number}.vtt",
                    channel="meeting",
                    sha256=f"sha-src-{number}",
                    text="…",
                    ingested_at=NOW,
                )
            )
    return database


def save(database: Database, *made: Suggestion, now: datetime = NOW) -> list[Suggestion]:
    with database.write() as session:
        return store.save_suggestions(session, tenant_id=T, suggestions=made, now=now)


def give(
    database: Database,
    suggestion: Suggestion,
    kind: str,
    *,
    rep_id: str = "rep-1",
    key: str = "",
    now: datetime = NOW,
    **said: object,
) -> Verdict:
    if kind == "rejected":
        said.setdefault("reason_code", "stale_fact")
    verdict = make_verdict(suggestion, rep_id=rep_id, kind=kind, now=now, **said)  # type: ignore[arg-type]
    with database.write() as session:
        return store.add_verdict(
            session, tenant_id=T, verdict=verdict, idempotency_key=key or verdict.id
        )


def links(session: Session) -> set[tuple[str, str]]:
    return {(r.suggestion_id, r.source_id) for r in session.exec(select(SuggestionSourceRow))}


def test_a_saved_suggestion_is_read_back_as_it_was_shown(
    with_sources: Database, make_suggestion
) -> None:
    made = make_suggestion()
    assert save(with_sources, made) == [made]
    with with_sources.read() as session:
        assert store.suggestion(session, tenant_id=T, suggestion_id=made.id) == made
        assert store.suggestions_of_deal(session, tenant_id=T, deal_id="opp-1") == [made]
        assert links(session) == {("sug-1", "src-1")}


def test_the_same_advice_keeps_its_id_and_day_but_takes_the_new_confidence(
    with_sources: Database, make_suggestion
) -> None:
    save(with_sources, make_suggestion("first", p=0.4))
    again = make_suggestion("second", p=0.7)
    (stored,) = save(with_sources, again, now=LATER)
    assert (stored.id, stored.created_at) == ("first", NOW)
    assert stored.confidence.p == 0.7
    with with_sources.read() as session:
        assert store.suggestions_of_deal(session, tenant_id=T, deal_id="opp-1") == [stored]


def test_the_same_advice_twice_in_one_answer_is_one_row(
    with_sources: Database, make_suggestion
) -> None:
    one, two = save(with_sources, make_suggestion("a"), make_suggestion("b"))
    assert one.id == two.id == "a"


def test_suggestions_come_back_in_the_given_order(with_sources: Database, make_suggestion) -> None:
    made = [make_suggestion(f"s{n}", move=f"move {n}") for n in (3, 1, 2)]
    assert [s.id for s in save(with_sources, *made)] == ["s3", "s1", "s2"]


def test_terms_and_unknown_sources_are_not_linked(with_sources: Database, make_suggestion) -> None:
    save(with_sources, make_suggestion(sources=("src-1", "src-2", "gone")))
    with with_sources.read() as session:
        assert links(session) == {("sug-1", "src-1"), ("sug-1", "src-2")}


def test_an_edited_source_makes_what_rests_on_it_stale_once(
    with_sources: Database, make_suggestion
) -> None:
    save(with_sources, make_suggestion("a"), make_suggestion("b", move="m", sources=("src-2",)))

    def mark(*sources: str, tenant_id: str = T) -> int:
        with with_sources.write() as session:
            return store.mark_stale(
                session, tenant_id=tenant_id, source_ids=sources, now=NOW, reason="source_changed"
            )

    assert mark() == 0
    assert mark("src-1", tenant_id="t-2") == 0
    assert mark("src-1", "src-3") == 1
    assert mark("src-1") == 0
    with with_sources.read() as session:
        stale = store.suggestions_of_deal(session, tenant_id=T, deal_id="opp-1")
    assert {s.id: s.stale for s in stale} == {"a": True, "b": False}


def test_advice_drawn_anew_is_no_longer_stale(with_sources: Database, make_suggestion) -> None:
    save(with_sources, make_suggestion())
    with with_sources.write() as session:
        store.mark_stale(session, tenant_id=T, source_ids=["src-1"], now=NOW, reason="x")
    assert save(with_sources, make_suggestion("again"), now=LATER)[0].stale is False
    with with_sources.read() as session:
        assert not store.suggestion(session, tenant_id=T, suggestion_id="sug-1").stale


def test_marking_reaches_more_sources_than_one_statement_takes(
    with_sources: Database, make_suggestion
) -> None:
    save(with_sources, make_suggestion())
    with with_sources.write() as session:
        n = store.mark_stale(
            session,
            tenant_id=T,
            source_ids=[*(f"z-{n}" for n in range(1_200)), "src-1"],
            now=NOW,
            reason="x",
        )
    assert n == 1


def test_another_tenant_sees_neither_suggestion_nor_verdict(
    with_sources: Database, make_suggestion
) -> None:
    made = make_suggestion()
    save(with_sources, made)
    give(with_sources, made, "rejected")
    with with_sources.write() as session:
        assert store.suggestions_of_deal(session, tenant_id="t-2", deal_id="opp-1") == []
        assert store.verdicts_of(session, tenant_id="t-2", suggestion_ids=["sug-1"]) == []
        assert store.play_records(session, tenant_id="t-2") == {}
        assert store.labelled_scores(session, tenant_id="t-2") == []
        verdict = make_verdict(made, rep_id="rep-1", kind="accepted", now=NOW)
        with pytest.raises(NotFound):
            store.suggestion(session, tenant_id="t-2", suggestion_id="sug-1")
        with pytest.raises(NotFound):
            store.add_verdict(session, tenant_id="t-2", verdict=verdict, idempotency_key="k")


def test_a_verdict_is_read_back_as_given(with_sources: Database, make_suggestion) -> None:
    made = make_suggestion()
    save(with_sources, made)
    verdict = give(
        with_sources,
        made,
        "partly_accepted",
        claim_ids=["c2"],
        comment="金额对",
        reason_code="stale_fact",
    )
    with with_sources.read() as session:
        assert store.verdicts_of(session, tenant_id=T, suggestion_ids=["sug-1"]) == [verdict]
    assert verdict.claim_ids == ("c2",)
    assert verdict.created_at == NOW


def test_the_same_key_twice_gives_the_first_verdict_and_adds_nothing(
    with_sources: Database, make_suggestion
) -> None:
    made = make_suggestion()
    save(with_sources, made)
    first = give(with_sources, made, "accepted", key="key-1")
    again = give(with_sources, made, "rejected", key="key-1", now=LATER)
    assert again == first
    with with_sources.read() as session:
        assert store.verdicts_of(session, tenant_id=T, suggestion_ids=["sug-1"]) == [first]


def test_a_key_of_another_suggestion_or_rep_is_a_conflict(
    with_sources: Database, make_suggestion
) -> None:
    one, two = save(with_sources, make_suggestion("a"), make_suggestion("b", move="m"))
    give(with_sources, one, "accepted", key="key-1")
    with pytest.raises(Conflict):
        give(with_sources, two, "accepted", key="key-1")
    with pytest.raises(Conflict):
        give(with_sources, one, "accepted", key="key-1", rep_id="rep-2")


def test_a_blank_key_is_refused(with_sources: Database, make_suggestion) -> None:
    made = make_suggestion()
    save(with_sources, made)
    with pytest.raises(InvalidInput):
        give(with_sources, made, "accepted", key=" ")


def test_a_verdict_on_an_unknown_suggestion_is_refused(database: Database, make_suggestion) -> None:
    with pytest.raises(NotFound):
        give(database, make_suggestion(), "accepted")


def test_each_reps_latest_word_counts_for_the_play(with_sources: Database, make_suggestion) -> None:
    one, two = save(
        with_sources, make_suggestion("a"), make_suggestion("b", move="m", play_id="need.other")
    )
    give(with_sources, one, "rejected")
    give(with_sources, one, "accepted", now=LATER)
    give(with_sources, one, "partly_accepted", rep_id="rep-2", claim_ids=["c1"])
    give(with_sources, two, "rejected")
    with with_sources.read() as session:
        assert store.play_records(session, tenant_id=T) == {
            "money.trade_terms": store.PlayRecord(n_accepted=1, n_partly=1),
            "need.other": store.PlayRecord(n_rejected=1),
        }
        last = store.latest_verdicts(session, tenant_id=T, suggestion_ids=["a", "b", "c"])
        assert {k: v.kind.value for k, v in last.items()} == {"a": "accepted", "b": "rejected"}


def test_labels_pair_the_first_shown_score_with_the_outcome(
    with_sources: Database, make_suggestion
) -> None:
    made = make_suggestion()
    save(with_sources, made)
    give(with_sources, made, "accepted")
    give(with_sources, made, "partly_accepted", rep_id="rep-2", claim_ids=["c1"], now=LATER)
    liked = {**made.confidence.features, "play_acceptance": 0.9}
    save(with_sources, make_suggestion("again", features=liked), now=LATER)
    score = prior_score(made.confidence.features)
    with with_sources.read() as session:
        pairs = store.labelled_scores(session, tenant_id=T)
    assert pairs == [(pytest.approx(score), 1.0), (pytest.approx(score), 0.5)]


def test_suggestions_from_before_a_feature_existed_teach_nothing(
    with_sources: Database, make_suggestion
) -> None:
    made = make_suggestion(features={"intent_p": 0.8})
    save(with_sources, made)
    give(with_sources, made, "accepted")
    with with_sources.read() as session:
        assert store.labelled_scores(session, tenant_id=T) == []


def test_a_rep_is_spared_only_what_that_rep_last_rejected(
    with_sources: Database, make_suggestion
) -> None:
    one, two = save(with_sources, make_suggestion("a"), make_suggestion("b", move="m"))
    give(with_sources, one, "rejected")
    give(with_sources, two, "rejected")
    give(with_sources, two, "accepted", now=LATER)

    def refused(*, deal_id: str = "opp-1", rep_id: str = "rep-1") -> set[str]:
        with with_sources.read() as session:
            return store.rejected_fingerprints(session, tenant_id=T, deal_id=deal_id, rep_id=rep_id)

    assert refused() == {store.fingerprint(one)}
    assert refused(rep_id="rep-2") == refused(deal_id="opp-2") == refused(rep_id="") == set()


def test_the_fingerprint_changes_with_what_is_said_and_where_it_stands(make_suggestion) -> None:
    made = make_suggestion()
    claim = made.claims[0]
    moved = replace(claim.evidence[0], start=11)
    edited = replace(claim.evidence[0], source_sha256="other")
    others = [
        replace(made, play_id="x"),
        replace(made, move=replace(made.move, en="x")),
        replace(made, claims=(replace(claim, text=replace(claim.text, zh="x")), made.claims[1])),
        replace(made, claims=(replace(claim, evidence=(moved,)), made.claims[1])),
        replace(made, claims=(replace(claim, evidence=(edited,)), made.claims[1])),
        replace(made, claims=made.claims[:1]),
    ]
    marks = {store.fingerprint(one) for one in (made, *others)}
    assert len(marks) == len(others) + 1


def test_the_fingerprint_ignores_ids_times_and_confidence(make_suggestion) -> None:
    made = make_suggestion()
    same = replace(
        make_suggestion("other", p=0.9),
        id=SuggestionId("x"),
        created_at=LATER,
        versions={},
        stale=True,
    )
    assert store.fingerprint(same) == store.fingerprint(made)


def test_payloads_are_plain_json(with_sources: Database, make_suggestion) -> None:
    save(with_sources, make_suggestion(move="“引号” \u0000 😀 零宽\u200b"))
    with with_sources.read() as session:
        (back,) = store.suggestions_of_deal(session, tenant_id=T, deal_id="opp-1")
    assert json.dumps(back.move.zh) == json.dumps("“引号” \u0000 😀 零宽\u200b")


def test_a_look_at_known_advice_writes_nothing_until_it_grew_stale_or_surer(
    with_sources: Database, make_suggestion
) -> None:
    def look(*made: Suggestion) -> list[Suggestion] | None:
        with with_sources.read() as session:
            return store.as_stored(session, tenant_id=T, suggestions=made)

    assert look() == []
    assert look(make_suggestion("new")) is None
    save(with_sources, make_suggestion("first"))
    again = look(make_suggestion("second", p=0.483))
    assert [(s.id, s.created_at, s.confidence.p) for s in again or []] == [("first", NOW, 0.483)]
    assert look(make_suggestion("second", p=0.6)) is None
    assert look(make_suggestion("second"), make_suggestion("other", move="m")) is None
    with with_sources.write() as session:
        store.mark_stale(session, tenant_id=T, source_ids=["src-1"], now=NOW, reason="x")
    assert look(make_suggestion("second")) is None
