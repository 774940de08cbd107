"""A stored suggestion is the one that was shown, to the last field."""

import json
from datetime import UTC, date, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from core.domain import (
    Bilingual,
    Channel,
    Claim,
    ConceptId,
    Confidence,
    DealId,
    Evidence,
    PassageId,
    PlayId,
    Role,
    SourceId,
    Suggestion,
    SuggestionId,
)
from feedback.serialise import from_payload, to_payload

texts = st.text(max_size=12)
zones = st.sampled_from([UTC, timezone(timedelta(hours=8)), timezone(timedelta(hours=-5))])
times = st.datetimes(timezones=zones).filter(lambda t: 1900 < t.year < 2100)
bilinguals = st.builds(Bilingual, texts, texts)
evidences = st.builds(
    Evidence,
    source_id=texts.map(SourceId),
    source_sha256=texts,
    file=texts,
    channel=st.sampled_from(Channel),
    start=st.integers(0, 10**6),
    end=st.integers(0, 10**6),
    quote=texts,
    speaker=st.none() | texts,
    role=st.sampled_from(Role),
    occurred_at=st.none() | times,
    said_on=st.none() | st.dates(date(2000, 1, 1)),
    start_ms=st.none() | st.integers(0),
    end_ms=st.none() | st.integers(0),
    crm_field=st.none() | texts,
    concept_id=st.none() | texts.map(ConceptId),
    passage_id=st.none() | st.integers(0).map(PassageId),
)
shares = st.floats(0, 1)
suggestions = st.builds(
    Suggestion,
    id=texts.map(SuggestionId),
    deal_id=texts.map(DealId),
    play_id=texts.map(PlayId),
    title=bilinguals,
    move=bilinguals,
    claims=st.lists(
        st.builds(Claim, texts, bilinguals, st.lists(evidences, max_size=2).map(tuple)), max_size=2
    ).map(tuple),
    confidence=st.builds(
        Confidence,
        shares,
        st.sampled_from(["low", "medium", "high"]),
        st.sampled_from(["prior", "calibrated"]),
        st.integers(0, 500),
        st.dictionaries(texts, shares, max_size=3),
    ),
    wrong_if=bilinguals,
    forbidden=st.lists(texts, max_size=2).map(tuple),
    created_at=times,
    stale=st.booleans(),
    drafted_by=st.sampled_from(["playbook", "model"]),
    versions=st.dictionaries(texts, texts, max_size=2),
)


@given(suggestions)
def test_a_suggestion_survives_json_exactly(suggestion: Suggestion) -> None:
    assert from_payload(json.loads(json.dumps(to_payload(suggestion)))) == suggestion


def test_enumerations_and_tuples_come_back_as_themselves(make_suggestion) -> None:
    back = from_payload(json.loads(json.dumps(to_payload(make_suggestion()))))
    evidence = back.claims[0].evidence[0]
    assert type(evidence.channel) is Channel
    assert type(evidence.role) is Role
    assert type(back.claims) is type(back.forbidden) is type(back.claims[0].evidence) is tuple


def test_keys_of_a_later_version_are_passed_over(make_suggestion) -> None:
    made = make_suggestion()
    assert from_payload({**to_payload(made), "colour": "red"}) == made
