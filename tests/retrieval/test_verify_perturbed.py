"""True claims must pass and claims with one thing changed must fall.

The true pairs are paraphrases of our own (claim_pairs.jsonl, with a negated twin each) and the
playbook's sentence around real public sentences. One fact at a time is changed by rule.
"""

import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from core.domain import Channel, Evidence, Role, SourceId
from core.settings import Settings
from core.text.quantities import find_quantities
from retrieval.verify import verify_claim

PAIRS = {
    # Written with the rules.
    "claim_pairs.jsonl": 0.97,
    # Written after them. Before anything was changed: 96 % caught, 9 false alarms in 70.
    "claim_pairs_held_out.jsonl": 0.96,
}
SPEAKERS = {"zh": "王建国", "en": "Priya Nair"}
OTHERS = {"zh": ("李敏", "赵志强"), "en": ("Tom Baker", "Dana Whitfield")}
RIVALS = {"用友": "金蝶", "Acme": "Blackboard", "SAP": "Oracle", "Salesforce": "HubSpot"}
NAMES = (
    "王建国",
    "李敏",
    "陈磊",
    "用友",
    "金蝶",
    "MES-3000",
    "Priya Nair",
    "Tom Baker",
    "Acme",
    "Blackboard",
)
UNITS = (
    ("万元", "万美元"),
    ("万元", "亿元"),
    ("%", "‰"),
    ("个点", "万元"),
    ("三年", "三个月"),
    ("60天", "60个月"),
    ("两周", "两个月"),
    ("两小时", "两天"),
    ("30个用户", "30台设备"),
    ("三级", "二级"),
    ("一季度", "三季度"),
    ("$", "€"),
    ("CNY", "USD"),
    ("EUR", "USD"),
    ("seats", "machines"),
    ("days", "months"),
    ("three-year", "three-month"),
    ("percent", "percent points"),
    ("k", "m"),
    ("Type II", "Type III"),
    ("SOC 2", "SOC 3"),
    ("Q1", "Q3"),
    ("8%", "8k"),
)
HAN_SHIFT = str.maketrans("一二两三四五六七八九", "三五六七九二八四五六")


class Pair(NamedTuple):
    language: str
    claim: str
    evidence: tuple[Evidence, ...]
    negated: str | None = None


class Changed(NamedTuple):
    kind: str
    claim: str
    evidence: tuple[Evidence, ...]


def said(quote: str, language: str, role: Role = Role.CUSTOMER) -> Evidence:
    speaker = SPEAKERS[language] if role is Role.CUSTOMER else "陈磊"
    return Evidence(
        SourceId("s"), "h", "m.vtt", Channel.MEETING, 0, len(quote), quote, speaker, role,
        datetime(2026, 11, 3, 2, tzinfo=UTC), date(2026, 11, 3),
    )  # fmt: skip


def crm(value: str) -> Evidence:
    return Evidence(SourceId("c"), "h", "deal.json", Channel.CRM, 0, len(value), value)


def paraphrases(name: str) -> Iterator[Pair]:
    for line in (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines():
        pair = json.loads(line)
        yield Pair(
            pair["lang"], pair["claim"], (said(pair["quote"], pair["lang"]),), pair.get("negated")
        )


def quotations(sentences: dict[str, list[str]]) -> Iterator[Pair]:
    for quote in sentences["zh"]:
        words = said(quote, "zh")
        yield Pair("zh", f"王建国在2026-11-03的会议里提出或问到：“{quote}”", (words,))
        yield Pair("en", f"王建国 said in the meeting of 2026-11-03: “{quote}”", (words,))
        claim = f"CRM 里的金额是 480,000，王建国在2026-11-03的会议里说：“{quote}”"
        yield Pair("zh", claim, (words, crm("480000.00")))
    for quote in sentences["en"]:
        words = said(quote, "en")
        yield Pair(
            "en", f"Priya Nair asked for proof in the meeting of 2026-11-03: “{quote}”", (words,)
        )
        yield Pair("zh", f"Priya Nair在2026-11-03的会议里说：“{quote}”", (words,))
        claim = (
            f"The expected close in the CRM is 2026-12-20; Priya Nair said on 2026-11-03: “{quote}”"
        )
        yield Pair("en", claim, (words, crm("2026-12-20")))


def public_sentences() -> dict[str, list[str]]:
    """Real sentences of meetings and mails, in a fixed order."""
    shared = Settings().shared / "data"
    sources = {
        "zh": (shared / "dialogues" / "crosswoz_acts.jsonl", "text"),
        "en": (shared / "emails" / "enron_intent.jsonl", "text"),
    }
    found = {}
    for language, (path, key) in sources.items():
        if not path.exists():
            pytest.skip(f"{path} is not there: set JUNSHI_SHARED")
        lines = path.read_text(encoding="utf-8").splitlines()
        texts = sorted({" ".join(json.loads(line)[key].split()) for line in lines})
        fitting = [t for t in texts if 8 <= len(t) <= 160]
        found[language] = random.Random(7).sample(fitting, 150)
    return found


# ---- changing one fact -------------------------------------------------------------------------


def changes(pair: Pair) -> Iterator[Changed]:
    claim, evidence = pair.claim, pair.evidence
    yield from (Changed("number", c, evidence) for c in _other_numbers(claim))
    for old, new in UNITS:
        # "days" must not be found in "holidays".
        unit = re.compile(rf"(?<![a-zA-Z]){re.escape(old)}" if old != "k" else r"(?<=\d)k")
        if unit.search(claim.partition("“")[0]):
            yield Changed("unit", unit.sub(new, claim, count=1), evidence)
    for old, new in RIVALS.items():
        if _outside_quote(claim, old):
            yield Changed("name", claim.replace(old, new), evidence)
    speaker = evidence[0].speaker or ""
    if _outside_quote(claim, speaker):
        for other in OTHERS["en" if speaker.isascii() else "zh"]:
            yield Changed("name", claim.replace(speaker, other), evidence)
    yield from (Changed("date", c, evidence) for c in _other_days(claim))
    if pair.negated:
        yield Changed("negation", pair.negated, evidence)
    if "“" in claim:
        yield from _changed_quotations(pair)
    if "客户" in claim or "customer" in claim or speaker in claim:
        rep = said(evidence[0].quote, pair.language, Role.REP)
        yield Changed("speaker", claim, (rep, *evidence[1:]))


def _other_days(claim: str) -> Iterator[str]:
    for day in re.findall(r"\d{4}-\d\d-\d\d", claim):
        yield claim.replace(day, f"{day[:-2]}{28 - int(day[-2:]) // 2:02d}")


def _other_numbers(claim: str) -> Iterator[str]:
    body = claim.partition("“")[0]
    for figure in find_quantities(body, reference=date(2026, 11, 3)):
        if figure.kind in ("date", "date_range") and re.match(r"\d{4}", figure.text):
            continue
        text = figure.text.translate(HAN_SHIFT)
        if text == figure.text:
            text = re.sub(r"\d", lambda m: str((int(m[0]) + 3) % 10 or 3), text, count=1)
        if text != figure.text:
            yield claim[: figure.start] + text + claim[figure.end :]


def _changed_quotations(pair: Pair) -> Iterator[Changed]:
    frame, _, quote = pair.claim.partition("“")
    quote = quote.removesuffix("”")
    if digit := re.search(r"\d", quote):
        other = str((int(digit[0]) + 1) % 10)
        changed = quote[: digit.start()] + other + quote[digit.end() :]
        yield Changed("number", f"{frame}“{changed}”", pair.evidence)
    for old, new in (("不", ""), ("没", ""), (" not ", " "), ("n't ", " ")):
        if old in quote:
            yield Changed("negation", f"{frame}“{quote.replace(old, new, 1)}”", pair.evidence)
    for old, new in (
        ("要求", "没有要求"),
        ("提出", "没有提出"),
        ("里说", "里没有说"),
        ("asked", "never asked"),
        (" said", " did not say"),
    ):
        if old in frame:
            yield Changed("negation", f"{frame.replace(old, new, 1)}“{quote}”", pair.evidence)
            break


def _outside_quote(claim: str, text: str) -> bool:
    return bool(text) and text in claim.partition("“")[0]


# ---- rates -------------------------------------------------------------------------------------


def measure(
    pairs: list[Pair],
) -> tuple[list[tuple[str, ...]], Counter[str], Counter[str], list[Changed]]:
    """(false alarms, changed by kind, caught by kind, what slipped through)."""
    alarms, n_changed, n_caught, missed = [], Counter(), Counter(), []
    for pair in pairs:
        verified = verify_claim(pair.claim, pair.evidence, names=NAMES)
        if not verified.supported:
            alarms.append((*verified.reasons, pair.claim, pair.evidence[0].quote))
        for changed in changes(pair):
            n_changed[changed.kind] += 1
            if verify_claim(changed.claim, changed.evidence, names=NAMES).supported:
                missed.append(changed)
            else:
                n_caught[changed.kind] += 1
    return alarms, n_changed, n_caught, missed


def report(name: str, n_pairs: int, alarms: list, changed: Counter, caught: Counter) -> None:
    rates = ", ".join(f"{kind} {caught[kind]}/{changed[kind]}" for kind in sorted(changed))
    share = caught.total() / changed.total()
    print(f"\n{name}: {n_pairs} true, {len(alarms)} false alarms; caught {share:.2%} ({rates})")


@pytest.mark.parametrize(("name", "least"), PAIRS.items())
def test_paraphrases_pass_and_their_perturbations_fall(name: str, least: float) -> None:
    pairs = list(paraphrases(name))
    alarms, changed, caught, missed = measure(pairs)
    report(name, len(pairs), alarms, changed, caught)
    assert len(alarms) <= 0.02 * len(pairs), alarms
    assert caught.total() >= least * changed.total(), [(m.kind, m.claim) for m in missed]
    assert set(changed) == {"number", "unit", "name", "date", "negation", "speaker"}


def test_playbook_sentences_around_real_words_pass_and_their_perturbations_fall() -> None:
    pairs = list(quotations(public_sentences()))
    alarms, changed, caught, missed = measure(pairs)
    report("quotations", len(pairs), alarms, changed, caught)
    assert len(alarms) <= 0.02 * len(pairs), alarms[:10]
    assert caught.total() >= 0.97 * changed.total(), [(m.kind, m.claim) for m in missed[:10]]
