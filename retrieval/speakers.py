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
    SPELT_SURNAMES,
    SURNAMES,
    TITLED_NAME,
)
from retrieval.statements import Statement
from retrieval.wording import QUOTED, REPEATED, OwnWords, content_units, evidence_units


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

_WHEN_ZH = (
    r"(?:(?:于|在)?(?:[\d年月日号./-]{4,12}|[上下本这]?周[一二三四五六日]?|[昨今前]天|会上|会议上"
    r"|邮件[里中]))?"
)

_CUSTOMER_SAYS_ZH = re.compile(
    rf"(?<!我方的)(?:客户|对方|买家|买方|顾客|甲方)(?:方"
    rf"|那边)?[^,。;:!?\ue000]{{0,24}}?(?:{_SAY_ZH})|客户方?的?(?:原话|发言|话|说法|意见"
    rf"|介绍)"
)
_CUSTOMER_SAYS_EN = re.compile(
    rf"\b(?:customer|client|buyer|prospect)\b[^,.;:!?\ue000]{{0,40}}?\b{_SAY_EN}"
    r"|\baccording to (?:the |our )?(?:customer|client|buyer|prospect)\b"
    r"|^\W?(?:the |our )?(?:customer|client|buyer|prospect)(?:\]\W*|\)\W*|\s*:)"
    r"|\bcustomer'?s? (?:word|last spoke)|\bquestion from the customer\b|\bcustomer contact\b",
    re.IGNORECASE,
)
_DENIES_SAYING = re.compile(
    rf"(?:没有?|并未|未曾|从未|从不|不曾|尚未|未)(?:再|曾)?(?:{_SAY_ZH})"
    r"|(?:\bnever|\bnot|n't)\s+(?:yet\s+|ever\s+)?"
    r"(?:ask|sa(?:y|id)|mention|state|raise|request|want|object|worr|commit|complain"
    r"|promise|confirm"
    r"|agree|describe|speak|spoken|report|give|name)",
    re.IGNORECASE,
)
# "It is not true that …", "并非……": the words stand there, and are taken back.
_DENIES_REPEATED = re.compile(
    r"(?:\bnot\b|n't\b|\bnever\b|\bfalse\b|\bwrong\b|\bdenie[sd]\b|并非|不是|并不|没|不|未|否认)"
    rf"[^,.;:!?]{{0,16}}{REPEATED}"
    rf"|{REPEATED}[^,;:!?]{{0,8}}(?:不属实|并非事实|is not true|is false)",
    re.IGNORECASE,
)
_NAME_ZH = re.compile(
    rf"(?:^|[,。;:!?\s\ue000\ue001]|(?:^|[,。;])(?:根据|按照|依据|据|按))"
    rf"(?P<name>[{SURNAMES}][\u4e00-\u9fff]{{1,2}}?)"
    rf"(?:{_ADVERBS_ZH}{_WHEN_ZH}{_ADVERBS_ZH}(?:{_SAY_ZH})|在(?=\d{{4}}-\d\d-\d\d)"
    rf"|的(?:说法|介绍|原话|意见|反馈)|所(?:说|言|述))"
    rf"|^(?P<label>[{SURNAMES}][\u4e00-\u9fff]{{1,2}})\s*:"
)
_LEADS_ZH = r"(?:^|[,。;:!?\s\ue000\ue001]|根据|按照|依据|据|按)"
_REP_ZH = (
    r"(?:我方|我司|卖家|商家|供应商|销售(?:人员|代表|经理|顾问|方)?|我方(?:财务|工程师|技术|老板|团队|人员)"
    r"|客户经理|业务员|卖方|乙方|客服)"
)
_REP_SAYS_ZH = re.compile(
    rf"{_LEADS_ZH}{_REP_ZH}(?:的?(?:同事|人员))?{_ADVERBS_ZH}{_WHEN_ZH}"
    rf"(?:{_ADVERBS_ZH}(?:(?:向|对|跟|和|给)(?:客户|对方))?{_ADVERBS_ZH}(?:{_SAY_ZH})"
    rf"|的(?:说法|介绍|原话|意见|话))|^\W?{_REP_ZH}\W?\s*:"
)
_REP_EN = (
    r"(?:sales ?(?:person|man|woman|people|team|reps?|representatives?|agent)|reps?"
    r"|representatives?|seller|vendor|account (?:manager|executive))"
)
_REP_SAYS_EN = re.compile(
    r"(?:^|[.;:!?,]\s*|\b(?:and|but|while|as|that)\s+)(?:the |our |their |a )?"
    rf"{_REP_EN}\s+{_ADVERBS_EN}(?:{_SAY_EN})"
    rf"|^(?:we|our [a-z]+(?: [a-z]+)?) {_ADVERBS_EN}(?:{_SAY_EN}|proposed\b|offered\b)"
    rf"|\baccording to (?:the |our )?{_REP_EN}\b|^\W?(?:the |our )?{_REP_EN}(?:\]\W*|\)\W*|\s*:)",
    re.IGNORECASE,
)
_NAME_EN = re.compile(
    r"(?:^|[.;:!?]\s*|,\s+(?:and\s+|but\s+)?|\bresult |\ue000\s*)"
    r"(?P<name>[A-Z][\w'’.-]*(?:\s+[A-Z][\w'’.-]*){0,3}(?=\s)|[\u4e00-\u9fff]{2,4})\s*"
    rf"{_ADVERBS_EN}{_SAY_EN}"
)
# A rep or a scribe may report what the customer said or wants.
_REPORTS_CUSTOMER = re.compile(
    r"客户|对方|甲方|买方|顾客|[他她]们?(?:[也都还又就]?(?:说|没|想|要|问|讲|表示|觉得|担心|提))"
    r"|\b(?:customer|client|buyer|prospect)s?\b|\b(?:he|she|they) (?:said|says|asked|wants?"
    r"|told|never)\b"
)
_OUR_SIDE = re.compile(r"我方|我司|我们|销售|\bwe\b|\bour\b|\breps?\b|\bvendor\b|\bsales")
_PEOPLE_OF_EN = re.compile(
    rf"(?P<whose>[A-Z][\w-]+(?: [A-Z][\w-]+)*)['’]s? (?P<who>[a-z]+(?: [a-z]+)?) "
    rf"{_ADVERBS_EN}{_SAY_EN}"
)
_PEOPLE_OF_ZH = re.compile(
    rf"(?P<whose>[{SURNAMES}][\u4e00-\u9fff]{{1,2}})的(?P<who>[\u4e00-\u9fff]{{2,4}}?)(?:{_SAY_ZH})"
)
# A claim that leads with the customer is about what the customer thinks or does.
_CUSTOMER_LEADS = re.compile(
    r"(?:^|[,。;:]\s*)"
    r"(?:客户|对方|(?:if [^,]*, |but )?(?:the )?(?:customer|client|buyer|prospect)\b)",
    re.IGNORECASE,
)


# As much of a claim's beginning shows that the evidence begins so itself.
_LEAD_CHARACTERS = 16


def speaker_reasons(
    own: OwnWords,
    statements: Sequence[Statement],
    names: Collection[str],
    *,
    is_lenient: bool = False,
) -> Iterator[str]:
    """A "speaker", and a "speaker:<name>" for each named speaker who did not say it.

    `is_lenient`: where nobody's side is known, words may be put into either side's mouth.
    """
    spoken = [s for s in statements if s.is_spoken]
    bearers = [s for s in own.bearers if s.is_spoken]
    if not bearers:
        bearers = spoken if _has_two_voices(own.text, spoken) else _closest(own, spoken)
    sides = {s.evidence.role for s in bearers}
    said = " ".join(s.low for s in bearers)
    by_customer = Role.CUSTOMER in sides or (is_lenient and Role.UNKNOWN in sides)
    by_customer = by_customer or _REPORTS_CUSTOMER.search(said) is not None
    leads = bool(spoken) and _CUSTOMER_LEADS.search(own.text) is not None
    leads = leads and own.text.strip().lower()[:_LEAD_CHARACTERS] not in said
    if (leads or _says_customer(own.text, said)) and not by_customer:
        yield "speaker"
    if sides == {Role.CUSTOMER} and _says_rep(own.text):
        yield "speaker"
    if _speaks_for_speaker(own.text, spoken):
        yield "speaker"
    speakers = [s.evidence.speaker for s in bearers if s.evidence.speaker]
    words = " ".join(s.low for s in statements)
    known = list(_known_speakers(own.text, statements, names))
    # Words that the evidence has itself (Procurement, Management) are its matter, not its speaker.
    strangers = [name for name in _new_names(own) if name.lower() not in words]
    for name in dict.fromkeys([*known, *strangers]):
        if not any(is_same_person(name, speaker) for speaker in speakers):
            yield f"speaker:{name}"


def _says_rep(text: str) -> bool:
    return bool(_REP_SAYS_ZH.search(text) or _REP_SAYS_EN.search(text))


def denies_saying(own: OwnWords) -> bool:
    """Whether the claim quotes words and says that nobody said them."""
    if any(s.is_spoken for s in own.repeats) and _DENIES_REPEATED.search(own.text):
        return True
    return own.is_anchored and _DENIES_SAYING.search(own.text) is not None


def is_same_person(name: str, speaker: str) -> bool:
    """Whether a claim's name can mean the speaker: 王总 or Priya for 王建国 or Priya Nair."""
    one, other = name.casefold(), speaker.casefold()
    if one == other:
        return True
    if titled := TITLED_NAME.fullmatch(name):
        return speaker.startswith(titled["surname"])
    if one.isascii() and not other.isascii():
        return _is_spelling_of(one, speaker)
    if one.isascii():
        parts = re.findall(r"[\w'’.-]+", one)
        known = re.findall(r"[\w'’.-]+", other)
        parts = [p for p in parts if p.rstrip(".") not in ("mr", "mrs", "ms", "dr", "prof")]
        return bool(parts) and all(p in known for p in parts)
    return len(one) >= 2 and (one in other or other in one)


def _is_spelling_of(name: str, speaker: str) -> bool:
    """Whether a Latin name can be the Chinese speaker's: the surname has to be spelt like it.

    A speaker without a known surname (小杨, 物流部) may be anybody.
    """
    known = {surname for many in SPELT_SURNAMES.values() for surname in many}
    surnames = {speaker[:2], speaker[:1]} & known
    parts = re.findall(r"[a-z]+", name)
    spelt = {surname for part in parts for surname in SPELT_SURNAMES.get(part, ())}
    return not surnames or bool(surnames & spelt)


def _has_two_voices(text: str, spoken: Sequence[Statement]) -> bool:
    """Whether the claim tells what two of the speakers said."""
    speakers = {s.evidence.speaker for s in spoken if s.evidence.speaker}
    if len(speakers) < 2:
        return False
    low = text.casefold()
    voices = {name for name in speakers if any(p in low for p in _short_names(name))}
    sides = {s.evidence.role for s in spoken if s.evidence.speaker not in voices}
    n = len(voices) + (Role.REP in sides and _OUR_SIDE.search(low) is not None)
    return n + (Role.CUSTOMER in sides and _REPORTS_CUSTOMER.search(low) is not None) > 1


def _short_names(name: str) -> list[str]:
    """What a claim may call the speaker: the name, a part of it, 王总 for 王建国."""
    if name.isascii():
        return [name.casefold(), *(p.casefold() for p in name.split() if len(p) > 2)]
    spellings = [spelt for spelt, many in SPELT_SURNAMES.items() if name[:1] in many]
    titled = [name[:1] + title for title in ("总", "工", "经理", "主任", "姐", "哥", "厂长")]
    return [name, *titled, *(s + " " for s in spellings)]


def _speaks_for_speaker(text: str, spoken: Sequence[Statement]) -> bool:
    """Whether somebody of the speaker's people, whom nobody mentioned, is said to speak."""
    said = " ".join(s.low for s in spoken)
    for match in (*_PEOPLE_OF_EN.finditer(text), *_PEOPLE_OF_ZH.finditer(text)):
        whose, who = match["whose"], match["who"].casefold()
        is_speaker = any(is_same_person(whose, s.evidence.speaker or "") for s in spoken)
        words = who.split() if who.isascii() else [who, who[-2:]]
        if is_speaker and not any(word in said for word in words):
            return True
    return False


def _says_customer(text: str, said: str) -> bool:
    """Whether the claim, and not the words it copies, has the customer say something."""
    return any(
        match.group().lower() not in said
        for pattern in (_CUSTOMER_SAYS_ZH, _CUSTOMER_SAYS_EN)
        for match in pattern.finditer(text)
    )


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


# Compiled once and matched behind the name: a pattern with the name in it costs milliseconds.
_BEHIND_NAME_EN = re.compile(rf"\s+{_ADVERBS_EN}{_SAY_EN}", re.IGNORECASE)
_BEHIND_NAME_ZH = re.compile(
    rf"(?:方面|那边)?{_ADVERBS_ZH}{_WHERE_ZH}{_ADVERBS_ZH}(?:{_SAY_ZH})"
    r"|的(?:说法|介绍|原话|意见|反馈)|所(?:说|言|述)"
)
_TO_QUOTE_EN = re.compile(rf"\s[^.;:]*:\s*{QUOTED}")
_TO_QUOTE_ZH = re.compile(rf"[^,。;:!?]*:\s*{QUOTED}")


def _speaks(text: str, name: str) -> bool:
    """Whether the text has this name say something, or leads with it to a quotation."""
    low, wanted = text.lower(), name.lower()
    at = low.find(wanted)
    while at >= 0:
        end = at + len(wanted)
        before = text[at - 1 : at]
        if name.isascii():
            says = not before.isalnum() and _BEHIND_NAME_EN.match(text, end)
            leads = at == 0 and _TO_QUOTE_EN.match(text, end)
        else:
            says = _BEHIND_NAME_ZH.match(text, end)
            leads = before in ("", ",", "。", ";") and _TO_QUOTE_ZH.match(text, end)
        if says or leads:
            return True
        at = low.find(wanted, at + 1)
    return False


def _new_names(own: OwnWords) -> Iterator[str]:
    """Names in a speaker's place, whether or not the deal knows them; titles count (王总)."""
    for match in _NAME_EN.finditer(own.text):
        name = match["name"]
        if name.split()[0].casefold() not in FRAME_EN:
            yield name
    for match in _NAME_ZH.finditer(own.text):
        name = match["name"] or match["label"]
        if name not in NOT_NAMES and name[:2] not in NOT_NAMES:
            yield name
    for match in TITLED_NAME.finditer(own.text):
        yield match.group()
