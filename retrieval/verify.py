"""Is this claim in its evidence? Code decides before anything is shown; no model is asked.

A claim may draw on the quotes and on what is known about them: speaker, day, channel, CRM value.
Numbers, dates, names, quoted words, negation and speaker are checked one by one, because those are
what drafts get wrong and what a rep would repeat to the customer. Coverage only catches a
paraphrase about something else altogether; it is no measure of truth. Paraphrases into the other
language are checked on everything but coverage and mood, which need words in common.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from core.domain import Channel, Evidence, Language
from core.ports import Relatedness
from core.text.language import language_of
from core.text.quantities import Quantity
from retrieval.copies import COPY_SHARE, Copy, compare_copy
from retrieval.crossing import crossing_reasons
from retrieval.figures import claimed_figures, figure_reasons, is_borne, shows_figures
from retrieval.frame_words import TITLED_NAME
from retrieval.naming import n_borne_names, name_reasons, without_speakers
from retrieval.overclaims import overclaim_reasons
from retrieval.polarity import lost_moods
from retrieval.speakers import denies_saying, speaker_reasons
from retrieval.statements import Statement, fold, statement
from retrieval.wording import QUOTED, OwnWords, content_units, evidence_units, size, take_apart

# A paraphrase shares a third of its content with what it paraphrases, or it is about other things.
LEAST_COVERAGE = 0.4
# Quoted words may differ in marks, in case and in what is no content.
_VERBATIM_SHARE = 0.95
# A claim with less content of its own is about the record: "has spoken on several channels".
_LEAST_CROSSING = 2
# Words behind a colon are a speech, not the name of a button.
_QUOTES_SPEECH = re.compile(rf":\s*{QUOTED}")
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
    relatedness: Relatedness | None = None,
    anyone_may_be_customer: bool = False,
) -> Verification:
    """Whether the evidence bears the claim.

    `names`: people, companies and products that the deal knows. `facts_only`: a sentence that
    advises instead of reporting, so only its figures, dates, codes and names are checked.
    `relatedness` compares matter and polarity across languages; without it, only figures and
    names are. `anyone_may_be_customer`: a speaker whose side is unknown may be on either.
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
    others = [s for s in statements if s.is_spoken and s.language != language]
    is_crossing = bool(others) and not _has_like(statements, language)
    reasons += name_reasons(own, bare, statements, names, is_crossing=is_crossing)
    matter = TITLED_NAME.sub(" ", bare)
    coverage = _coverage(own, matter, claimed, statements, language, names)
    if not facts_only:
        copy = _copied(claim, statements, language, names)
        if quote_required and not own.literals:
            reasons.append("quote")
        if not _shows_crm_value(own, statements, claimed):
            reasons.append("crm")
        if not own.is_anchored:
            reasons += overclaim_reasons(nameless, claimed, [s for s in statements if s.is_spoken])
        reasons += speaker_reasons(own, statements, names, is_lenient=anyone_may_be_customer)
        if copy:
            reasons += copy.reasons
            coverage = max(coverage, copy.share)
        has_common = any(is_borne(figure, others) for figure in claimed)
        across = _Across(matter, others, relatedness, language, has_common)
        if is_crossing and not own.is_anchored:
            if _QUOTES_SPEECH.search(own.text):
                reasons.append("quote")
            # The encoder takes longer than all the rest: a claim that has fallen is not encoded.
            reasons += () if reasons else across.reasons()
        else:
            found = list(_wording_reasons(own, matter, statements, language, coverage, copy))
            reasons += [] if not reasons and across.bears_instead(found) else found
    unique = tuple(dict.fromkeys(reasons))
    return Verification(supported=not unique, reasons=unique, coverage=round(coverage, 2))


class _Across(NamedTuple):
    """The claim's matter and the evidence in the other language."""

    matter: str
    others: Sequence[Statement]
    relatedness: Relatedness | None
    language: Language
    # A figure of the claim stands in the evidence: both are likely about the same matter.
    has_common: bool

    def reasons(self) -> list[str]:
        """Why the other language does not bear the claim; nothing where nothing is compared."""
        wanted = content_units(self.matter, language=self.language, with_fields=True)
        if self.relatedness is None or len(wanted) < _LEAST_CROSSING:
            return []
        found = crossing_reasons(
            self.matter,
            self.others,
            self.relatedness,
            language=self.language,
            has_common=self.has_common,
        )
        return list(found)

    def bears_instead(self, found: Sequence[str]) -> bool:
        """Whether a claim that its own language does not cover rests on the other language."""
        is_uncovered = len(found) == 1 and found[0].startswith("coverage")
        has_others = bool(self.others) and self.relatedness is not None
        return is_uncovered and has_others and not self.reasons()


def _wording_reasons(
    own: OwnWords,
    matter: str,
    statements: Sequence[Statement],
    language: Language,
    coverage: float,
    copy: Copy | None,
) -> Iterator[str]:
    for literal in own.literals:
        if not literal.borne_by:
            # Other quotation marks or another end: the copy was compared word by word.
            if not (copy and copy.share >= _VERBATIM_SHARE and not copy.reasons):
                yield "quote"
            figures = claimed_figures(literal.text, statements)
            yield from figure_reasons(literal.text, figures, statements, ())
        elif literal.denied:
            yield "negation"
    if denies_saying(own):
        yield "negation"
    if own.is_anchored:
        return
    quotes = [s.text for s in statements if s.is_spoken and s.language == language]
    if quotes and not (copy and copy.share >= COPY_SHARE):
        yield from sorted(lost_moods(matter, quotes, language=language))
    if coverage < LEAST_COVERAGE:
        yield f"coverage:{coverage:.2f}"


def _has_like(statements: Sequence[Statement], language: Language) -> bool:
    """Whether any words are in the claim's language; CRM values are in none."""
    return any(s.language == language or s.evidence.channel is Channel.CRM for s in statements)


def _copied(
    claim: str, statements: Sequence[Statement], language: Language, names: Collection[str]
) -> Copy | None:
    speakers = [s.evidence.speaker for s in statements if s.evidence.speaker]
    text = fold(claim).lower()
    strangers = [name for name in {*names, *speakers} if name.lower() in text]
    spoken = [s for s in statements if s.is_spoken]
    return compare_copy(claim, spoken, language=language, strangers=strangers)


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
