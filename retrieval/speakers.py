"""Who a claim says spoke, against who did.

Only the customer's own words show what the customer wants, so a claim that puts words into the
customer's mouth must rest on the customer's side, and one that names a speaker on that speaker.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from core.domain import Role
from retrieval.frame_words import (
    FRAME_EN,
    NOT_NAMES,
    REPORTING_EN,
    REPORTING_ZH,
    SPEECH_ACTS_EN,
    SPEECH_ACTS_ZH,
    SURNAMES,
    TITLED_NAME,
)
from retrieval.statements import Statement
from retrieval.wording import QUOTED, OwnWords, content_units, evidence_units


def _either(words: Sequence[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


_SAY_ZH = _either([*REPORTING_ZH, *SPEECH_ACTS_ZH])
_SAY_EN = rf"(?:{_either([*REPORTING_EN, *SPEECH_ACTS_EN])})\b"
_ADVERBS_ZH = (
    r"(?:(?:并不|不再|从不|从未|没有|不|没|也|还|又|已经|已|曾经|曾|则|就|再次|多次|明确|当场|最近"
    r"|一直|随后|后来)*)"
)
_ADVERBS_EN = (
    r"(?:(?:never|did not|does not|didn't|doesn't|also|has|had|have"
    r"|then|just|still|again|already|later"
    r"|first|clearly|[a-z]+ly)\s+)*"
)
_WHERE_ZH = r"(?:(?:于|在)[^,。;:!?\ue000]{1,30}?)?"

_CUSTOMER_SAYS_ZH = re.compile(
    rf"(?<!我方的)(?:客户|对方)(?:方|那边)?[^,。;:!?\ue000]{{0,24}}?(?:{_SAY_ZH})|客户方?的?(?:原话|发言|话)"
)
_CUSTOMER_SAYS_EN = re.compile(
    rf"\b(?:customer|client|buyer|prospect)\b[^,.;:!?\ue000]{{0,40}}?\b{_SAY_EN}"
    r"|\bcustomer'?s? (?:word|last spoke)|\bquestion from the customer\b|\bcustomer contact\b",
    re.IGNORECASE,
)
_DENIES_SAYING = re.compile(
    rf"(?:没有?|并未|未曾|从未|从不|不曾|尚未|未)(?:再|曾)?(?:{_SAY_ZH})"
    r"|(?:\bnever|\bnot|n't)\s+(?:yet\s+|ever\s+)?"
    r"(?:ask|sa(?:y|id)|mention|state|raise|request|want|object|worr|commit|complain|promise|confirm"
    r"|agree|describe|speak|spoken|report|give|name)",
    re.IGNORECASE,
)
_NAME_ZH = re.compile(
    rf"(?:^|[,。;:!?\s\ue000\ue001])(?P<name>[{SURNAMES}][\u4e00-\u9fff]{{1,2}}?)"
    rf"(?:{_ADVERBS_ZH}(?:{_SAY_ZH})|在(?=\d{{4}}-\d\d-\d\d))"
)
_NAME_EN = re.compile(
    r"(?:^|[.;:!?]\s*|,\s+(?:and\s+|but\s+)?|\bresult |\ue000\s*)"
    r"(?P<name>[A-Z][\w'’.-]*(?:\s+[A-Z][\w'’.-]*){0,3}(?=\s)|[\u4e00-\u9fff]{2,4})\s*"
    rf"{_ADVERBS_EN}{_SAY_EN}"
)
# A claim that leads with the customer is about what the customer thinks or does.
_CUSTOMER_LEADS = re.compile(
    r"(?:^|[,。;:]\s*)"
    r"(?:客户|对方|(?:if [^,]*, |but )?(?:the )?(?:customer|client|buyer|prospect)\b)",
    re.IGNORECASE,
)


def speaker_reasons(
    own: OwnWords, statements: Sequence[Statement], names: Collection[str]
) -> Iterator[str]:
    """A "speaker", and a "speaker:<name>" for each named speaker who did not say it."""
    spoken = [s for s in statements if s.is_spoken]
    bearers = [s for s in own.bearers if s.is_spoken] or _closest(own, spoken)
    by_customer = any(s.evidence.role is Role.CUSTOMER for s in bearers)
    leads = bool(spoken) and _CUSTOMER_LEADS.search(own.text) is not None
    if (leads or _says_customer(own.text)) and not by_customer:
        yield "speaker"
    speakers = [s.evidence.speaker for s in bearers if s.evidence.speaker]
    words = " ".join(s.low for s in statements)
    known = list(_known_speakers(own.text, statements, names))
    # Words that the evidence has itself (Procurement, Management) are its matter, not its speaker.
    strangers = [name for name in _new_names(own) if name.lower() not in words]
    for name in dict.fromkeys([*known, *strangers]):
        if not any(is_same_person(name, speaker) for speaker in speakers):
            yield f"speaker:{name}"


def denies_saying(own: OwnWords) -> bool:
    """Whether the claim quotes words and says that nobody said them."""
    return own.is_anchored and _DENIES_SAYING.search(own.text) is not None


def is_same_person(name: str, speaker: str) -> bool:
    """Whether a claim's name can mean the speaker: 王总 or Priya for 王建国 or Priya Nair."""
    one, other = name.casefold(), speaker.casefold()
    if one == other:
        return True
    if titled := TITLED_NAME.fullmatch(name):
        return speaker.startswith(titled["surname"])
    if one.isascii():
        parts = re.findall(r"[\w'’.-]+", one)
        known = re.findall(r"[\w'’.-]+", other)
        parts = [p for p in parts if p.rstrip(".") not in ("mr", "mrs", "ms", "dr", "prof")]
        return bool(parts) and all(p in known for p in parts)
    return len(one) >= 2 and (one in other or other in one)


def _says_customer(text: str) -> bool:
    return bool(_CUSTOMER_SAYS_ZH.search(text) or _CUSTOMER_SAYS_EN.search(text))


def _closest(own: OwnWords, spoken: Sequence[Statement]) -> list[Statement]:
    """The statements that share most with a paraphrase; all where nothing is shared."""
    if len(spoken) < 2:
        return list(spoken)
    shares = []
    for one in spoken:
        units = content_units(own.text, language=one.language, with_fields=False)
        shares.append(len(units & evidence_units(one.text, language=one.language)))
    best = max(shares)
    return [s for s, n in zip(spoken, shares, strict=True) if n == best]


def _known_speakers(
    text: str, statements: Sequence[Statement], names: Collection[str]
) -> Iterator[str]:
    speakers = (s.evidence.speaker for s in statements)
    for name in dict.fromkeys([*names, *(s for s in speakers if s)]):
        if name.casefold() in text.casefold() and _speaks(text, name):
            yield name


def _speaks(text: str, name: str) -> bool:
    """Whether the text has this name say something, or leads with it to a quotation."""
    escaped = re.escape(name)
    if name.isascii():
        pattern = rf"(?<![\w]){escaped}\s+{_ADVERBS_EN}{_SAY_EN}|^{escaped}\s[^.;:]*:\s*{QUOTED}"
    else:
        pattern = (
            rf"{escaped}(?:方面|那边)?{_ADVERBS_ZH}{_WHERE_ZH}{_ADVERBS_ZH}(?:{_SAY_ZH})"
            rf"|(?:^|[,。;]){escaped}[^,。;:!?]*:\s*{QUOTED}"
        )
    return re.search(pattern, text, re.IGNORECASE) is not None


def _new_names(own: OwnWords) -> Iterator[str]:
    """Names in a speaker's place, whether or not the deal knows them; titles count (王总)."""
    for match in _NAME_EN.finditer(own.text):
        name = match["name"]
        if name.split()[0].casefold() not in FRAME_EN:
            yield name
    for match in _NAME_ZH.finditer(own.text):
        if match["name"] not in NOT_NAMES and match["name"][:2] not in NOT_NAMES:
            yield match["name"]
    for match in TITLED_NAME.finditer(own.text):
        yield match.group()
