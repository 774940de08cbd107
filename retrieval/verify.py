"""Is this claim in its evidence? Code decides before anything is shown; no model is asked.

A claim may draw on the quotes and on what is known about them: speaker, day, channel, CRM value.
Numbers, dates, names, quoted words, negation and speaker are checked one by one, because those are
what drafts get wrong and what a rep would repeat to the customer. Coverage only catches a
paraphrase about something else altogether; it is no measure of truth. Paraphrases into the other
language are checked on everything but coverage and mood, which need words in common.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from core.domain import Channel, Evidence, Language
from core.text.language import language_of
from core.text.quantities import Quantity
from retrieval.figures import claimed_figures, figure_reasons, is_borne, shows_figures
from retrieval.frame_words import TITLED_NAME
from retrieval.naming import n_borne_names, name_reasons, without_speakers
from retrieval.polarity import lost_moods
from retrieval.speakers import denies_saying, speaker_reasons
from retrieval.statements import Statement, statement
from retrieval.wording import OwnWords, content_units, evidence_units, size, take_apart

# A paraphrase shares a third of its content with what it paraphrases, or it is about other things.
LEAST_COVERAGE = 0.3
# A figure or name that the words share with the claim says as much as two bigrams.
_FIGURE_SIZE = 2


@dataclass(frozen=True, slots=True)
class Verification:
    """`reasons` are "code" or "code:detail", empty when supported; coverage is in [0, 1].

    Codes: evidence, blank, quote, number, currency, date, code, name, speaker, negation, hedge,
    crm, coverage.
    """

    supported: bool
    reasons: tuple[str, ...]
    coverage: float


def verify_claim(
    claim: str,
    evidence: Sequence[Evidence],
    *,
    names: Collection[str] = (),
    quote_required: bool = False,
    facts_only: bool = False,
) -> Verification:
    """Whether the evidence bears the claim.

    `names`: people, companies and products that the deal knows. `facts_only`: a sentence that
    advises instead of reporting, so only its figures, dates, codes and names are checked.
    """
    if not evidence or not claim.strip():
        return Verification(False, ("evidence" if claim.strip() else "blank",), 0.0)
    statements = [statement(one) for one in dict.fromkeys(evidence)]
    own = take_apart(claim, statements, with_unborne=facts_only)
    nameless = without_speakers(own.text, statements, names)
    claimed = claimed_figures(nameless, statements)
    reasons = list(figure_reasons(nameless, claimed, statements, own.bearers))
    language = language_of(nameless)
    bare = _without_figures(nameless, claimed)
    reasons += name_reasons(own, bare, statements, names)
    matter = TITLED_NAME.sub(" ", bare)
    coverage = _coverage(own, matter, claimed, statements, language, names)
    if not facts_only:
        if quote_required and not own.literals:
            reasons.append("quote")
        if not _shows_crm_value(own, statements, claimed):
            reasons.append("crm")
        reasons += speaker_reasons(own, statements, names)
        reasons += _wording_reasons(own, matter, statements, language, coverage)
    unique = tuple(dict.fromkeys(reasons))
    return Verification(supported=not unique, reasons=unique, coverage=round(coverage, 2))


def _wording_reasons(
    own: OwnWords,
    matter: str,
    statements: Sequence[Statement],
    language: Language,
    coverage: float,
) -> Iterator[str]:
    for literal in own.literals:
        if not literal.borne_by:
            yield "quote"
        elif literal.denied:
            yield "negation"
    if denies_saying(own):
        yield "negation"
    if own.is_anchored:
        return
    quotes = [s.text for s in statements if s.is_spoken and s.language == language]
    if quotes:
        yield from sorted(lost_moods(matter, quotes, language=language))
    if coverage < LEAST_COVERAGE:
        yield f"coverage:{coverage:.2f}"


def _without_figures(nameless: str, claimed: Sequence[Quantity]) -> str:
    for figure in reversed(claimed):
        nameless = f"{nameless[: figure.start]} {nameless[figure.end :]}"
    return nameless


def _coverage(
    own: OwnWords,
    matter: str,
    claimed: Sequence[Quantity],
    statements: Sequence[Statement],
    language: Language,
    names: Collection[str],
) -> float:
    """Share of the claim's content found in the evidence; 1 where there is nothing to compare.

    Nothing to compare: quoted words carry the claim, it speaks of the record only, or every
    quote is in the other language. Borne quotations, figures and names count as found.
    """
    alike = [s for s in statements if s.language == language or s.evidence.channel is Channel.CRM]
    if own.is_anchored or not alike:
        return 1.0
    has_crm = any(s.evidence.channel is Channel.CRM for s in statements)
    wanted = content_units(matter, language=language, with_fields=has_crm)
    borne = sum(size(literal.text) for literal in own.literals if literal.borne_by)
    borne += _FIGURE_SIZE * sum(is_borne(figure, alike) for figure in claimed)
    borne += _FIGURE_SIZE * n_borne_names(own, alike, names)
    if not (wanted or borne):
        wanted = content_units(matter, language=language, with_fields=has_crm, with_acts=True)
    if not wanted:
        return 1.0
    found: set[str] = set()
    for one in alike:
        found |= evidence_units(one.text, language=language)
    return (len(wanted & found) + borne) / (len(wanted) + borne)


_EMPTY_WORDS = ("空", "没有", "未填", "empty", "blank", "no ", "nothing", "missing", "not set")


def _shows_crm_value(
    own: OwnWords, statements: Sequence[Statement], claimed: Sequence[Quantity]
) -> bool:
    """A claim about the CRM shows what the CRM says, or says that the CRM is silent."""
    low = own.text.lower()
    if "crm" not in low:
        return True
    fields = [s for s in statements if s.evidence.channel is Channel.CRM]
    if all(s.is_empty_field for s in fields):
        return any(word in low for word in _EMPTY_WORDS)
    return any(s in own.repeats or shows_figures(s, claimed) for s in fields)
