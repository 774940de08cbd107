"""The playbook as data: strictness of its schema, and what the real one covers."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from agents.coach.playbook import Play, load_playbook
from agents.intent.taxonomy import load_taxonomy
from core.errors import InvalidInput
from core.text.quantities import find_quantities

INTENTS = set(load_taxonomy().ids)
PLAY = {
    "id": "money.example",
    "title": {"zh": "例", "en": "Example"},
    "when": {"any_intents": ["money.discount_request"]},
    "slots": {"ask": {"intent": "money.discount_request"}},
    "move": {"zh": "请{ask.speaker}拿条件来换", "en": "Ask {ask.speaker} for something in return"},
    "claims": [{"slot": "ask", "zh": "{ask.quote}", "en": "{ask.quote}"}],
    "wrong_if": {"zh": "已批", "en": "approved already"},
    "weight": 0.5,
}


def with_change(**change: object) -> dict[str, object]:
    return {**PLAY, **change}


def test_a_complete_play_is_taken() -> None:
    assert Play.model_validate(PLAY).slots["ask"].kind == "intent"


@pytest.mark.parametrize(
    "change",
    [
        {"when": {}},
        {"slots": {"ask": {"intent": "money.discount_request", "optional": True}}},
        {"slots": {"ask": {"intent": "money.discount_request", "crm": "amount"}}},
        {"move": {"zh": "{ask.speaker}", "en": "you"}},
        {"move": {"zh": "{ask.value}", "en": "{ask.value}"}},
        {"claims": [{"slot": "other", "zh": "话", "en": "words"}]},
        {"claims": []},
        {"forbidden": ["be_nice"]},
        {"weight": 1.5},
        {"colour": "red"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_play_that_could_mislead_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Play.model_validate(with_change(**change))


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "money.yaml").write_text("version: 1\nplays: [", encoding="utf-8")
    with pytest.raises(InvalidInput, match=r"money\.yaml"):
        load_playbook(tmp_path)


def test_the_same_play_twice_is_refused(tmp_path: Path) -> None:
    for name in ("a", "b"):
        content = yaml.safe_dump({"version": 1, "plays": [PLAY]}, allow_unicode=True)
        (tmp_path / f"{name}.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(InvalidInput, match="stands twice"):
        load_playbook(tmp_path)


def test_the_real_playbook_answers_every_intent() -> None:
    plays = load_playbook().plays
    assert len(plays) >= 60
    answered = {intent for play in plays for intent in play.when.any_intents}
    assert answered >= INTENTS


def test_plays_name_only_intents_of_the_taxonomy() -> None:
    for play in load_playbook().plays:
        named = {*play.when.any_intents, *play.when.no_intents}
        named |= {slot.key for slot in play.slots.values() if slot.kind == "intent"}
        assert named <= INTENTS, play.id


def test_the_texts_of_plays_state_no_figures_of_their_own() -> None:
    for play in load_playbook().plays:
        for wording in (play.title, play.move, play.wrong_if, *play.claims):
            for text in (wording.zh, wording.en):
                assert not find_quantities(text, reference=None), (play.id, text)
