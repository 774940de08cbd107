"""Intents by a language model: a closed answer, the customer's words only, no silent gaps."""

import jsonschema
import pytest

from agents.intent.language_model import LanguageModelRecogniser, schema
from core.domain import Channel, Role
from core.errors import BackendFailed, ModelOutputInvalid
from core.fakes import ScriptedModel


def _answer(*numbers: int, p: float = 0.9) -> dict:
    return {
        "utterances": [
            {
                "number": number,
                "labels": [{"id": "need.pain", "p": p}, {"id": "need.pain", "p": 0.01}],
                "reported": 0.1,
                "negative": 0.7,
                "positive": 0.0,
            }
            for number in numbers
        ]
    }


def _recognise(model: ScriptedModel, *roles: Role):
    return LanguageModelRecogniser(model).recognise(
        ["产线又停了。"] * len(roles),
        roles=roles,
        channels=[Channel.MEETING] * len(roles),
        before=["最近怎么样?"] * len(roles),
    )


def test_only_the_customers_words_are_sent_and_come_back_in_order():
    model = ScriptedModel(_answer(1, 2))
    found = _recognise(model, Role.REP, Role.CUSTOMER, Role.UNKNOWN, Role.CUSTOMER)
    assert [bool(one.scores) for one in found] == [False, True, False, True]
    assert found[1].scores[0].p == 0.9
    assert found[1].negative == 0.7
    assert found[0].reported is None
    ((system, user, _),) = model.asked
    assert user.count("产线又停了。") == 2
    assert "最近怎么样?" in user
    assert "money.price_objection" in system
    assert "{" not in system


def test_an_answer_that_leaves_an_utterance_out_is_refused():
    with pytest.raises(ModelOutputInvalid, match="1 of 2 utterances"):
        _recognise(ScriptedModel(_answer(1)), Role.CUSTOMER, Role.CUSTOMER)


def test_a_model_that_fails_is_not_hidden():
    with pytest.raises(BackendFailed):
        _recognise(ScriptedModel(BackendFailed("down", remedy="wait")), Role.CUSTOMER)


def test_the_schema_knows_no_other_intent():
    answer = _answer(1)
    jsonschema.validate(answer, schema())
    answer["utterances"][0]["labels"][0]["id"] = "decision.obey"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(answer, schema())


def test_a_middling_probability_is_unsure():
    (one,) = _recognise(ScriptedModel(_answer(1, p=0.5)), Role.CUSTOMER)
    assert one.unsure
