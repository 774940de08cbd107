"""Dismissed concerns, and preference that comes with mention."""

import numpy as np
import pytest

from agents.intent.features import surface
from agents.intent.rules import adjust, dismissed
from agents.intent.taxonomy import load_taxonomy

IDS = load_taxonomy().ids


def _p(**scores: float) -> np.ndarray:
    row = np.full((1, len(IDS)), 0.02, dtype=np.float32)
    for intent, p in scores.items():
        row[0, IDS.index(intent.replace("__", "."))] = p
    return row


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("价格不是问题,关键看交期。", "money.price_objection"),
        ("Price isn't the issue here.", "money.price_objection"),
        ("预算我们不担心。", "money.budget_doubt"),
        ("We have no concerns about data protection.", "risk.compliance"),
        ("迁移这块不愁。", "risk.integration"),
        ("Not worried about delivery, honestly.", "risk.delivery"),
        ("不用再给折扣了。", "money.discount_request"),
        ("We don't need a demo.", "decision.trial"),
        ("不用看案例了。", "risk.proof_request"),
    ],
)
def test_a_dismissed_concern_loses_its_odds(text: str, intent: str):
    adjusted = adjust([surface(text)], _p(**{intent.replace(".", "__"): 0.8}), IDS)
    assert intent in dismissed(surface(text))
    assert adjusted[0, IDS.index(intent)] == pytest.approx(0.4 / 1.4, abs=1e-3)


@pytest.mark.parametrize(
    "text",
    [
        "价格太高了,我们接受不了。",
        "The price is the problem.",
        "交期没问题,但价格比别家贵两成。",
        "Delivery is no problem, but the price is too steep.",
        "我担心的是迁移。",
        "Can you do a demo on Monday?",
        "",
    ],
)
def test_a_concern_in_another_clause_stays(text: str):
    assert "money.price_objection" not in dismissed(surface(text))
    assert "risk.integration" not in dismissed(surface(text))
    assert "decision.trial" not in dismissed(surface(text))


def test_whoever_prefers_another_vendor_has_mentioned_it():
    before = _p(competition__preference=0.7, competition__mention=0.1)
    after = adjust(["theirs is faster"], before, IDS)
    assert after[0, IDS.index("competition.mention")] == pytest.approx(0.7)
    assert before[0, IDS.index("competition.mention")] == pytest.approx(0.1)


def test_without_a_rule_nothing_moves():
    before = _p(need__pain=0.6)
    np.testing.assert_array_equal(adjust(["三号线又停了"], before, IDS), before)
