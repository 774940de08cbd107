"""`junshi eval run verify`: the claim verifier on thousands of true and perturbed claims.

The suite is built anew at each run from ../shared/data, by rules that know nothing of the verifier
(verify_material, verify_forms, verify_changes). Pairs written by hand by other authors
(evals/datasets/claims) are scored beside it. Recall is the share of false claims refused, a false
alarm a true claim refused; intervals are Wilson's (1927) at 95 %.
"""

from __future__ import annotations

import json
import math
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.ports import Relatedness
from core.settings import Settings
from evals.intervals import wilson
from evals.verify_changes import CHANGES
from evals.verify_forms import DRESSES, FORMS, other_side, report_as
from evals.verify_material import (
    PEOPLE_EN,
    PEOPLE_ZH,
    Half,
    Said,
    Twin,
    deals_in,
    draw,
    read_rows,
    said_in,
    twins_in,
)
from retrieval.claim_lines import verify_line
from retrieval.meaning import EmbeddedRelatedness

CLAIMS = Path(__file__).parent / "datasets" / "claims"


@dataclass(frozen=True, slots=True)
class Case:
    """`line` is what `junshi verify` reads; `kind` says how the claim was made."""

    suite: str
    language: str
    kind: str
    supported: bool
    line: str


@dataclass(frozen=True, slots=True)
class Outcome:
    case: Case
    supported: bool
    reasons: tuple[str, ...]
    # Of CPU: other work on the machine is not the verifier's.
    took_ms: float


def cases_in(shared: Path) -> list[Case]:
    """The built suite, in a fixed order."""
    said = said_in(shared)
    found = [case for one in said for case in _cases_of(one)]
    twins = twins_in(shared)
    for at, twin in enumerate(twins):
        found += _twin_cases(twin, twins[(at + 11) % len(twins)])
    for at, row in enumerate(deals_in(shared)):
        found += _record_cases(row, "dev" if at % 2 else "held_out")
    return found


def _line(case_id: str, claim: str, evidence: Sequence[dict[str, Any]]) -> str:
    shape = {"id": case_id, "claim": claim, "evidence": list(evidence)}
    return json.dumps(shape, ensure_ascii=False)


def _evidence(said: Said, *, with_others: bool) -> list[dict[str, Any]]:
    """The sentence with its day, speaker and side, alone or among others of the same file."""
    own = {
        "text": said.text,
        "date": said.day.isoformat(),
        "speaker": said.speaker,
        "role": said.role,
    }
    if not with_others:
        return [own]
    others = [{**own, "text": text} for text in said.neighbours]
    at = draw("place", said.text) % (len(others) + 1)
    return [*others[:at], own, *others[at:]]


def _cases_of(said: Said) -> Iterator[Case]:
    with_others = draw("others", said.text) % 4 == 0
    evidence = _evidence(said, with_others=with_others)
    key = f"{said.file}:{draw(said.text):x}"

    def case(kind: str, claim: str, *, supported: bool) -> Case:
        line = _line(f"{key}:{kind}", claim, evidence)
        return Case(said.half, said.language, kind, supported, line)

    fitting = [(name, claim) for name, form in FORMS.items() if (claim := form(said, said.text))]
    start = draw("forms", said.text) % len(fitting)
    rare = [one for one in fitting if one[0] in ("number_form", "date_form", "clause", "indirect")]
    chosen = dict([*rare, fitting[start], fitting[(start + 1) % len(fitting)]])
    for name, claim in chosen.items():
        yield case(f"true:{name}", claim, supported=True)
    dress = DRESSES[draw("dress", said.text) % len(DRESSES)]
    changed = [
        (name, other)
        for name, change in CHANGES.items()
        if (other := change(said.text, said.language)) and other != said.text
    ]
    if len(changed) > 3:
        first = draw("changes", said.text) % len(changed)
        changed = [*changed[first:], *changed[:first]][:3]
    for name, other in changed:
        yield case(name, dress(said, other) or other, supported=False)
    yield from _swapped(said, case)


def _swapped(said: Said, case: Any) -> Iterator[Case]:
    """Another speaker, another side, or another sentence in its place; one of them each."""
    people = PEOPLE_ZH if said.language == "zh" else PEOPLE_EN
    strangers = [name for name in people if name != said.speaker]
    which = draw("swap", said.text) % 3
    if which == 0:
        stranger = strangers[draw("stranger", said.text) % len(strangers)]
        yield case("speaker", report_as(said, said.text, stranger), supported=False)
    elif which == 1:
        yield case("role", other_side(said, said.text), supported=False)
    elif which == 2:
        dress = DRESSES[draw("content", said.text) % len(DRESSES)]
        other = said.neighbours[0] + ("" if said.neighbours[0][-1] in "。.!?！？" else ".")
        evidence = _evidence(said, with_others=False)
        line = _line(f"{draw(said.text):x}:content", dress(said, other) or other, evidence)
        yield Case(said.half, said.language, "content", False, line)


def _twin_cases(twin: Twin, other: Twin) -> Iterator[Case]:
    """The twin in the other language is true; another's twin or a changed one is false."""
    claim_language = ("zh", "en")[draw("side", twin.en) % 2]
    texts = {"zh": twin.zh, "en": twin.en}
    quote = texts["en" if claim_language == "zh" else "zh"]
    evidence = [{"text": quote, "date": "2026-03-02", "role": "customer"}]

    def case(kind: str, claim: str, *, supported: bool) -> Case:
        line = _line(f"twin:{draw(twin.en):x}:{kind}", claim, evidence)
        return Case(twin.half, claim_language, kind, supported, line)

    if twin.half != other.half:
        other = twin
    claim = texts[claim_language]
    yield case("true:twin", claim, supported=True)
    if draw("twin", twin.en) % 2 and other is not twin:
        yield case("language", other.zh if claim_language == "zh" else other.en, supported=False)
    for kind in ("number", "negation_added", "negation_removed"):
        changed = CHANGES[kind](claim, claim_language)
        if changed and changed != claim:
            yield case(f"twin_{kind.partition('_')[0]}", changed, supported=False)


def _record_cases(row: dict[str, str], half: Half) -> Iterator[Case]:
    """A row of the CRM export and sentences about it."""
    text = "; ".join(f"{name}: {value}" for name, value in row.items())
    names = {**row, "value": f"{int(row['close_value']):,}"}
    sentences = {
        "en": "{sales_agent} sold {product} to {account} for {value}, closed on {close_date}.",
        "zh": "{sales_agent}把{product}卖给了{account}，金额{value}，{close_date}成交。",
    }
    changes = {
        "number": {"value": f"{int(row['close_value']) + 1100:,}"},
        "name": {"account": "Novatek"},
        "date": {"close_date": row["close_date"][:-1] + str((int(row["close_date"][-1]) + 1) % 9)},
    }
    language = ("zh", "en")[draw("record", text) % 2]
    evidence = [{"text": text}]
    sentence = sentences[language]
    key = row["opportunity_id"]
    line = _line(key, sentence.format(**names), evidence)
    yield Case(half, language, "true:record", True, line)
    kind = list(changes)[draw("change", text) % 3]
    line = _line(f"{key}:{kind}", sentence.format(**{**names, **changes[kind]}), evidence)
    yield Case(half, language, f"record_{kind}", False, line)


def written_cases(folder: Path = CLAIMS) -> list[Case]:
    """Claims of other authors, each with its twins; the suite is the file's name."""
    found = []
    for path in sorted(folder.glob("*.jsonl")):
        for row in read_rows(path):
            line = _line(row["id"], row["claim"], row["evidence"])
            found.append(Case(path.stem, row["lang"], "true:written", True, line))
            for twin in row["twins"]:
                evidence = twin.get("evidence") or row["evidence"]
                line = _line(
                    f"{row['id']}:{twin['kind']}", twin.get("claim") or row["claim"], evidence
                )
                found.append(Case(path.stem, row["lang"], twin["kind"], False, line))
    return found


def outcomes_of(cases: Iterable[Case], relatedness: Relatedness | None) -> list[Outcome]:
    found = []
    for case in cases:
        started = time.process_time()
        _, verified = verify_line(case.line, number=1, relatedness=relatedness)
        took_ms = 1000 * (time.process_time() - started)
        found.append(Outcome(case, verified.supported, verified.reasons, took_ms))
    return found


def _share(outcomes: Sequence[Outcome]) -> str:
    """Refused of all, with the interval."""
    n_refused = sum(not one.supported for one in outcomes)
    low, high = wilson(n_refused, len(outcomes))
    share = 100 * n_refused / max(1, len(outcomes))
    return f"{share:.1f} % of {len(outcomes)} [{100 * low:.1f}, {100 * high:.1f}]"


def figures_of(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Recall, false alarms by kind and language, and times."""
    true = [one for one in outcomes if one.case.supported]
    false = [one for one in outcomes if not one.case.supported]
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for one in outcomes:
        groups[f"{one.case.kind} {one.case.language}"].append(one)
    times = sorted(one.took_ms for one in outcomes)
    return {
        "recall": _share(false),
        "false_alarms": _share(true),
        **{
            f"{name}_{language}": _share([one for one in part if one.case.language == language])
            for name, part in (("recall", false), ("false_alarms", true))
            for language in ("zh", "en")
        },
        **{kind: _share(part) for kind, part in sorted(groups.items())},
        "p50_ms": round(times[len(times) // 2], 2),
        "p99_ms": round(times[math.ceil(0.99 * len(times)) - 1], 2),
    }


def run() -> dict[str, Any]:
    """Figures of each half of the built suite and of each written file."""
    relatedness = EmbeddedRelatedness.of_package()
    relatedness.scores("warm", ["up"])
    cases = written_cases()
    shared = Settings().shared
    if (shared / "data").is_dir():
        cases += cases_in(shared)
    by_suite: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes_of(cases, relatedness):
        by_suite[outcome.case.suite].append(outcome)
    return {"n_cases": len(cases), **{name: figures_of(part) for name, part in by_suite.items()}}
