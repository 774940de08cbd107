"""Whether a claim's numbers, money, dates and codes stand in its evidence, in any notation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from core.domain import Channel
from core.text.quantities import Quantity, same_quantity
from retrieval.statements import Statement, quantities_of

_DATES = ("date", "date_range")
# A bare sum in Chinese talk is in yuan; elsewhere a currency has to be named.
_UNSAID_CURRENCY = "CNY"


def claimed_figures(text: str, statements: Sequence[Statement]) -> list[Quantity]:
    """The claim's quantities; a relative day counts from the day the leading words were said."""
    reference = next((s.day for s in statements if s.day), None)
    return quantities_of(text, reference=reference)


def figure_reasons(
    claimed: Sequence[Quantity], statements: Sequence[Statement], bearers: Sequence[Statement]
) -> Iterator[str]:
    """ "number:…", "currency:…", "date:…" or "code:…" for each figure that nothing bears.

    A day on which something was said is borne by the `bearers` only: another mail's day would put
    the words at the wrong time.
    """
    days = {s.day for s in (bearers or statements) if s.day}
    for figure in claimed:
        alike = [
            (one, known)
            for one in statements
            for known in one.quantities
            if same_quantity(figure, known)
        ]
        if figure.kind == "money":
            yield from _money_reasons(figure, alike, statements)
        elif not alike and not (figure.kind in _DATES and _is_known_day(figure, statements, days)):
            yield f"{_code(figure)}:{_shown(figure)}"


def is_borne(figure: Quantity, statements: Sequence[Statement]) -> bool:
    """Whether the figure stands in what the statements say."""
    return any(same_quantity(figure, known) for one in statements for known in one.quantities)


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
    return one.language == "zh" and figure.unit == _UNSAID_CURRENCY


def _is_known_day(figure: Quantity, statements: Sequence[Statement], days: set[date]) -> bool:
    """Whether a day was spoken on, or both ends of a span are dates of the evidence."""
    if figure.unit == "after":
        return False
    if isinstance(figure.value, date):
        return figure.value in days
    if isinstance(figure.value, tuple):
        ends = {q.value for s in statements for q in s.quantities if isinstance(q.value, date)}
        return set(figure.value) <= ends
    return False


def _code(figure: Quantity) -> str:
    if figure.kind in _DATES:
        return "date"
    return "code" if figure.kind == "code" else "number"


def _shown(figure: Quantity) -> str:
    value = figure.value
    if isinstance(value, tuple):
        return "/".join(day.isoformat() for day in value)
    return value.isoformat() if isinstance(value, date) else str(value)
