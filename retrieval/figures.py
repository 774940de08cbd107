"""Whether a claim's numbers, money, dates and codes stand in its evidence, in any notation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from core.domain import Channel
from core.text.quantities import Quantity, same_quantity
from retrieval.loose_figures import may_mean, names_any_currency, names_currency
from retrieval.statements import Statement, quantities_of
from retrieval.wording import QUOTED

_DATES = ("date", "date_range")
_SPOKEN_BEFORE = re.compile(r"(?:在|于|\b(?:meeting|mail|chat|call|document) of|\bon)\s*$")
_SPOKEN_AFTER = re.compile(rf"[^,。;!?{QUOTED}]{{0,40}}{QUOTED}")
# Where nobody names a currency, a bare sum is in yuan in Chinese talk and in dollars in English.
_UNSAID_CURRENCY = {"zh": "CNY", "en": "USD"}


def claimed_figures(text: str, statements: Sequence[Statement]) -> list[Quantity]:
    """The claim's quantities; a relative day counts from the day the leading words were said."""
    reference = next((s.day for s in statements if s.day), None)
    return quantities_of(text, reference=reference)


def figure_reasons(
    text: str,
    claimed: Sequence[Quantity],
    statements: Sequence[Statement],
    bearers: Sequence[Statement],
) -> Iterator[str]:
    """A "number:…", "currency:…", "date:…" or "code:…" for each figure that nothing bears.

    `claimed` lie in `text`. The day on which quoted words were said is borne by the `bearers`
    only: another mail's day, or a date in the words, would put them at the wrong time.
    """
    days = {s.day for s in (bearers or statements) if s.day}
    for figure in claimed:
        if figure.kind == "date" and _is_day_of_speech(text, figure):
            if figure.value not in days:
                yield f"date:{_shown(figure)}"
            continue
        if figure.kind == "date" and _is_known_day(figure, days):
            continue
        alike = [
            (one, known)
            for one in statements
            for known in one.quantities
            if same_quantity(figure, known)
        ]
        if figure.kind == "money":
            yield from _money_reasons(figure, alike, statements)
        elif not (alike or _has_both_ends(figure, statements) or may_mean(figure, statements)):
            yield f"{_code(figure)}:{_shown(figure)}"


def is_borne(figure: Quantity, statements: Sequence[Statement]) -> bool:
    """Whether the figure stands in what the statements say."""
    is_exact = any(same_quantity(figure, known) for one in statements for known in one.quantities)
    return is_exact or _has_both_ends(figure, statements) or may_mean(figure, statements)


def shows_figures(one: Statement, claimed: Sequence[Quantity]) -> bool:
    """Whether every figure of the statement is among the claim's; False where it has none."""
    return bool(one.quantities) and all(
        any(same_quantity(figure, known) or same_quantity(known, figure) for figure in claimed)
        for known in one.quantities
    )


def _money_reasons(
    figure: Quantity,
    alike: Sequence[tuple[Statement, Quantity]],
    statements: Sequence[Statement],
) -> Iterator[str]:
    if any(_currency_said(figure, one, known, statements) for one, known in alike):
        return
    if may_mean(figure, statements) and _currency_hinted(figure, statements):
        return
    same_sum = alike or any(
        known.kind in ("money", "number") and known.value == figure.value
        for one in statements
        for known in one.quantities
    )
    yield f"currency:{figure.unit}" if same_sum else f"number:{figure.value}"


def _currency_said(
    figure: Quantity, one: Statement, known: Quantity, statements: Sequence[Statement]
) -> bool:
    """Whether the currency is that of the sum, of its sentence, of the CRM, or goes unsaid."""
    if figure.unit is None or known.unit == figure.unit:
        return True
    if known.unit is not None and known.kind == "money":
        return False
    if one.evidence.channel is Channel.CRM:
        return any(s.evidence.crm_field == "currency" and figure.unit in s.text for s in statements)
    named = {q.unit for q in one.quantities if q.kind == "money" and q.unit}
    if named:
        return figure.unit in named
    return _currency_hinted(figure, [one])


def _currency_hinted(figure: Quantity, statements: Sequence[Statement]) -> bool:
    """Whether the words name the currency somewhere, or none where this one goes unsaid."""
    if figure.unit is None or names_currency(figure.unit, statements):
        return True
    spoken = [one for one in statements if one.is_spoken]
    is_usual = any(figure.unit == _UNSAID_CURRENCY[one.language] for one in spoken)
    return is_usual and not names_any_currency(statements)


def _is_day_of_speech(text: str, figure: Quantity) -> bool:
    """Whether the claim says that the words it quotes next were said on this day."""
    leads = _SPOKEN_BEFORE.search(text, 0, figure.start)
    return leads is not None and _SPOKEN_AFTER.match(text, figure.end) is not None


def _is_known_day(figure: Quantity, days: set[date]) -> bool:
    """Whether it is a day of speech, named as such: a "周二" may fall on one by accident."""
    said = any(c.isdigit() for c in figure.text)
    return said and figure.unit != "after" and figure.value in days


def _has_both_ends(figure: Quantity, statements: Sequence[Statement]) -> bool:
    """Whether a span runs between two dates of the evidence."""
    if not isinstance(figure.value, tuple) or figure.unit == "after":
        return False
    ends = {q.value for s in statements for q in s.quantities if isinstance(q.value, date)}
    return set(figure.value) <= ends


def _code(figure: Quantity) -> str:
    if figure.kind in _DATES:
        return "date"
    return "code" if figure.kind == "code" else "number"


def _shown(figure: Quantity) -> str:
    value = figure.value
    if isinstance(value, tuple):
        return "/".join(day.isoformat() for day in value)
    return value.isoformat() if isinstance(value, date) else str(value)
