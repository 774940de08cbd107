"""The built suite on a sample, the door's lines, and copies compared word by word."""

import json
from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from api.commands.verifying import verify_file
from core.domain import Role
from core.errors import InvalidInput
from core.settings import Settings
from evals.verify_suite import cases_in, outcomes_of
from retrieval.claim_lines import evidence_of, verify_line
from retrieval.meaning import EmbeddedRelatedness


class WordsInCommon:
    """Relatedness by a table: enough where only the wiring is tested."""

    name = "table"
    threshold = 0.5

    def __init__(self, score: float) -> None:
        self._score = score

    def scores(self, claim: str, texts: list[str]) -> list[float]:
        return [self._score for _ in texts]


def verdict(claim: str, text: str, *, relatedness: object = None, **other: str) -> tuple[str, ...]:
    line = json.dumps({"id": 1, "claim": claim, "evidence": [{"text": text, **other}]})
    _, verified = verify_line(line, number=1, relatedness=relatedness)  # type: ignore[arg-type]
    return verified.reasons


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("客户表示产线有12条", "我们产线有十二条。"),
        ("客户说：“预算是48万元。”", "预算是48万元"),
        ("According to the client, the budget is $48,000.", "The budget is 48k dollars."),
        ("He said they do not need the second module before June.",
         "We don't need the second module before June."),
        ("Revenue in the THIRD quarter grew by 5 percent.",
         "Revenue in the third quarter grew by 5%."),
        ("该乐队曾登上排行榜第十八位", "该乐队曾登上排行榜第18位。"),
    ],
)  # fmt: skip
def test_a_copy_in_another_dress_passes(claim: str, text: str) -> None:
    assert verdict(claim, text, role="customer") == ()


@pytest.mark.parametrize(
    ("code", "claim", "text"),
    [
        ("wording", "我们下个月先在沈阳工厂上线", "我们下个月先在苏州工厂上线"),
        ("wording", "几百家专家参加了评审会议", "几百名专家参加了评审会议"),
        ("wording", "We will start with the plant in Denver next year.",
         "We will start with the plant in Austin next year."),
        ("negation", "The portal will not replace the current order system.",
         "The portal will replace the current order system."),
        ("negation", "不是的，仓库就在这栋楼的后面", "是的，仓库就在这栋楼的后面"),
        ("negation", "It is not true that the shipment leaves on Friday.",
         "The shipment leaves on Friday."),
        ("negation", "法务同意了这份合同的付款条款", "法务没同意这份合同的付款条款"),
        ("hedge", "We will move the archive to the cloud.",
         "We might move the archive to the cloud."),
        ("hedge", "今年肯定会增加两条产线", "今年可能会增加两条产线"),
    ],
)  # fmt: skip
def test_one_changed_word_in_a_copy_is_found(code: str, claim: str, text: str) -> None:
    found = verdict(claim, text, role="customer")
    assert code in {reason.partition(":")[0] for reason in found}


@pytest.mark.parametrize(
    ("claim", "role"),
    [
        ("The customer said that the price is too high for this year.", "rep"),
        ("Our sales rep said that the price is too high for this year.", "customer"),
        ("According to the rep, the price is too high for this year.", "客户"),
    ],
)
def test_words_of_one_side_are_not_put_into_the_other_mouth(claim: str, role: str) -> None:
    assert "speaker" in verdict(claim, "The price is too high for this year.", role=role)


def test_a_side_that_nobody_stated_may_be_the_customer_but_a_stated_unknown_may_not() -> None:
    claim, text = "客户说价格偏高", "价格偏高"
    assert verdict(claim, text) == ()
    assert verdict(claim, text, role="unknown") == ("speaker",)


def test_a_claim_in_the_other_language_needs_the_same_matter_and_polarity() -> None:
    text = "我们需要两周时间测试接口"
    same, other = WordsInCommon(0.8), WordsInCommon(0.1)
    claim = "The customer needs two weeks to test the interface."
    assert verdict(claim, text, relatedness=same, role="customer") == ()
    assert verdict(claim, text, relatedness=other, role="customer") == ("meaning:0.10",)
    denied = "The customer does not need two weeks to test the interface."
    assert verdict(denied, text, relatedness=same, role="customer") == ("negation",)


def test_texts_are_encoded_once() -> None:
    class Counting:
        name = "counting"
        n_dimensions = 2
        n_texts = 0

        def encode(self, texts: list[str]) -> np.ndarray:
            self.n_texts += len(texts)
            return np.tile(np.array([[1.0, 0.0]], dtype=np.float32), (len(texts), 1))

    embedder = Counting()
    relatedness = EmbeddedRelatedness(embedder)
    for _ in range(3):
        assert list(relatedness.scores("a", ["b", "c"])) == [1.0, 1.0]
    assert embedder.n_texts == 3


def test_roles_and_days_are_read_in_either_language() -> None:
    items = [
        {"text": "a", "role": "客户", "date": "2026-11-03T10:00:00+08:00"},
        {"text": "b", "role": "Sales", "date": "Mon, 5 Mar 2001 08:23:00 -0800 (PST)"},
        {"text": "c", "speaker": "销售", "date": "2026年11月3日"},
        {"text": "d", "role": "CFO"},
    ]
    evidence = evidence_of(items)
    assert [e.role for e in evidence] == [Role.CUSTOMER, Role.REP, Role.REP, Role.UNKNOWN]
    assert [e.said_on for e in evidence] == [
        date(2026, 11, 3), date(2001, 3, 5), date(2026, 11, 3), None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        '{"id": 1, "claim": "a"}',
        '{"id": 1, "claim": 2, "evidence": []}',
        '{"id": 1, "claim": "a", "evidence": [{"text": null}]}',
        '{"id": 1, "claim": "a", "evidence": [{"text": "a", "date": "soon"}]}',
    ],
)
def test_a_line_that_is_no_claim_is_named(line: str) -> None:
    with pytest.raises(InvalidInput, match="Line 7 "):
        verify_line(line, number=7)


def test_the_built_suite_is_steady_and_judged_well() -> None:
    shared = Settings().shared
    if not (shared / "data").is_dir():
        pytest.skip("shared data is missing")
    cases = cases_in(shared)
    assert len(cases) >= 2_000
    assert Counter(case.language for case in cases).most_common()[-1][1] >= 0.3 * len(cases)
    sample = [case for case in cases[::23] if "twin" not in case.kind and case.kind != "language"]
    outcomes = outcomes_of(sample, None)
    false = [one for one in outcomes if not one.case.supported]
    true = [one for one in outcomes if one.case.supported]
    assert sum(not one.supported for one in false) >= 0.97 * len(false)
    assert sum(not one.supported for one in true) <= 0.02 * len(true)


def test_the_door_writes_a_verdict_a_line_or_nothing_at_all(tmp_path: Path) -> None:
    good = json.dumps({"id": "a", "claim": "我们需要两台", "evidence": [{"text": "我们需要2台"}]})
    source, out = tmp_path / "c.jsonl", tmp_path / "v.jsonl"
    source.write_text(f"\ufeff{good}\n\n{good}\n", encoding="utf-8")
    assert verify_file(source, out) == {"n": 2, "n_supported": 2}
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert rows == [{"id": "a", "supported": True, "reasons": []}] * 2
    out.unlink()
    source.write_text(f"{good}\n{{\n", encoding="utf-8")
    with pytest.raises(InvalidInput, match="Line 2 "):
        verify_file(source, out)
    assert list(tmp_path.iterdir()) == [source]
