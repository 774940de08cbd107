"""Whether a paraphrase kept the "not" and the "perhaps" of the words it rests on.

Compared clause by clause, because one sentence may affirm and deny ("预算没问题，但法务还没过").
The scope of a negation is taken to be its clause, as in NegEx (Chapman et al. 2001); words that
only look like negations (不错, 别家, "not only") are struck out first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from core.domain import Language
from retrieval.wording import content_units, evidence_units

# A clause that shares less of its content says something else.
_SAME_MATTER = 0.34
# Clauses nearly as alike as the best one count too: the kindest of them decides.
_NEARLY_BEST = 0.85
# What a clause must add, against the best one, to speak for a claim that draws both into one.
_CLEARING_SHARE = 0.5

_CLAUSE_END = re.compile(
    r"[。!?;\n\ue000\ue001]|(?<!\d)[,，:、]|[,，:、](?!\d)|(?<=[.])\s"
    r"|但是|但(?!凡)|不过(?!去|来)|可是|然而|而是|而且|并且"
    r"|(?<![a-z])(?:but|however|although|though|whereas|and)(?![a-z])"
)
_SENTENCE_END = re.compile(r"(?<=[。!?\n])|(?<=\.)\s")

# 能不能, 是不是, 有没有 and 行不行 ask; they deny nothing.
_A_NOT_A = re.compile(r"([\u4e00-\u9fff])[不没]\1|有没有|是否|能否|可否|要不要")
_NO_NEGATION_ZH = re.compile(
    r"没有?问题|不得不|不能不|不会不|不可不|没有?不|不错|没错|不仅|不但|不光|不只|不单|不少|不久|不管|不论|(?<!从)不断(?![网电线货供])|不同(?!意)"
    r"|不愧|不妨|不料|不禁|不够意思|差不多|了不起|对不起|不好意思|不用说|动不动|无论|无非|无线|无人|无纸|无缝|无菌|无锡|无锡|无忧"
    r"|非常|除非|并非不|莫非|别家|别人|别的|别处|特别|区别|级别|类别|分别|性别|个别|识别|鉴别|差别|告别|派别|未来|没准"
    r"|说不定|不一定|未必|要不|好不容易|不然|不瞒|不知道?能"
)
_NEGATION_ZH = re.compile(
    r"不|没|未|无|(?<!除)非|别(?=[再急做动用买签报提])|甭|勿|拒绝|(?<!没)(?<!没有)有问题|反对"
)
_HEDGE_ZH = re.compile(
    r"可能(?!性)|也许|或许|说不定|没准|恐怕|不一定|未必|大概率|大概(?![\d一二三四五六七八九十百千万])|估计(?![\d一二三四五六七八九十百千万])"
    r"|应该(?:能|可以|会|是|没问题|差不多|不会)|看情况|争取|猜|尽量|有望|希望能|考虑|打算|倾向"
)
_CONDITION_ZH = re.compile(
    r"如果|(?<![主重需只])要是|假如|倘若|万一|除非|只要|(?<![宛恍自])若(?![干非])|的话"
)
_ASKED_ZH = re.compile(r"([\u4e00-\u9fff])[不没]\1|有没有|是否|能否|可否|[吗呢]\s*$")
_ASKS_ZH = re.compile(
    r"问|要求|希望|想|要|请|是否|能否|可否|提出|建议|担心|怕|顾虑|怀疑|愿意|吗|\?"
)

_NO_NEGATION_EN = re.compile(
    r"\bnot only\b|\bnot just\b|\bnot least\b|\bno problem\b|\bno doubt\b|\bno later than\b"
    r"|\bno less than\b|\bwhy not\b|\bwhether or not\b|\bcan't wait\b|\bno\. ?\d|\bnothing but\b"
    r"|\b(?:is|are|was|were|do|does|did|have|has|ca|could|wo|would|should)n't (?:it|you|we|they)\b"
    r"|\bnot (?:un(?:like(?!ly to)|common|usual|reasonable|happy)|impossible|insignificant)\w*"
    r"|\bmight as well\b|(?:\bnot|n't) (?:\w+ ){1,2}until\b"
)
_NEGATION_EN = re.compile(
    r"\bnot\b|n't\b|\bno\b|\bnever\b|\bwithout\b|\bnone\b|\bnobody\b|\bnothing\b|\bneither\b|\bnor\b"
    r"|\bcannot\b|\bhardly\b|\bbarely\b|\bunable\b|\brefus(?:e|es|ed)\b|\bdeclin(?:e|es|ed)\b"
    r"|\breject(?:s|ed)?\b|\bno longer\b|\bfail(?:s|ed) to\b|\bagainst\b"
)
_HEDGE_EN = re.compile(
    r"\bmight\b|\bmay\b(?! \d)|\bcould\b|\bperhaps\b|\bmaybe\b|\bpossibl[ey]\b|\bprobably\b"
    r"|\blikely\b|\bnot (?:yet )?sure\b|\bunsure\b|\bhop(?:e|es|ing) to\b"
    r"|\bshould be able\b|\bconsider(?:s|ing)?\b|\bpotentially\b|\bguess(?:es|ed)?\b"
    r"|\btentative(?:ly)?\b|\bleaning\b"
)
_CONDITION_EN = re.compile(
    r"\bif\b(?! not\b)|\bunless\b|\bprovided\b|\bassuming\b|\bonce\b|\bdepend"
)
# "没包含培训费啊?" states and wonders.
_QUESTION_END = re.compile(r"(?<![啊吧呀])\?+\s*$")
_ASKED_EN = re.compile(
    r"^\W*(?:and |but |so )?(?:can|could|do|does|did|is|are|was|will|would|should|have|has|may"
    r"|what|when|how|why|who|where|which)\b.*\?"
)
_ASKS_EN = re.compile(
    r"\bask|\bwant|\brequest|\bwould like|\bhop|\bwhether\b|\bquestion|\?|\bsuggest|\bdemand"
    r"|\bpush|\bworr|\bconcern|\bafraid|\bdoubt|\bneed|\bwilling|\bwould\b|\boffer"
)
_MONTH_MAY = re.compile(
    r"\b(?:in|by|until|before|after|since|from|of|early|late|mid|next|this) May\b"
)


# What denies in any translation; parts of words (无线, 非空) and near-denials are left out.
_DENIALS_ZH = re.compile(
    r"不(?=[能会可要是需必得再想应该允支存包在显])|没有|没(?=[能有到说给收])|尚未|还没|从未|未(?=[能曾被])|无法|不得|拒绝|从不|决不"
)
_DENIALS_EN = re.compile(
    r"\bnot\b|n't\b|\bnever\b|\bcannot\b|\bunable to\b|\brefuse[sd]?\b|\bwithout\b|\bno longer\b"
)


# Anything that may stand for a denial in translation; loose on purpose.
_LOOSE = {
    "zh": re.compile(
        r"[不没未无非别勿免禁拒甭莫失误反]|否(?!则)|空(?![格间白中])|(?<![此另内])外(?![部观键边])"
        r"|(?<![删清移去])除(?!了)|停|避|防|缺|仅|不足"
    ),
    "en": re.compile(
        r"\b(?:not|no|never|none|nor|neither|without|nothing|nobody|cannot|unless|except\w*"
        r"|exclu\w+|ignor\w+|instead|rather|only|fail\w*|lack\w*|miss\w*|empty|prevent\w*|avoid\w*"
        r"|stop\w*|less|few\w*|free|refus\w+|declin\w+|reject\w*|against|unable|hardly|barely"
        r"|otherwise|skip\w*|disabl\w+|deactivat\w+|cancel\w*|disallow\w*|unavail\w+|un\w{4,}"
        r"|in(?:valid|active|correct|visible|complete|dependent\w*)|non-?\w+|\w+less|beyond)\b|n't\b",
        re.IGNORECASE,
    ),
}
_NO_DENIAL = {
    "zh": re.compile(r"是否|无论|不同|不仅|不但|不管|非常|别名|类别|级别|分别|区别|特别|别的"),
    "en": re.compile(
        r"\b(?:not only|unit\w*|under\w*|unique\w*|union\w*|until|universal\w*)\b", re.I
    ),
}


class Mood(NamedTuple):
    """`is_hedged`: said with a perhaps, under a condition or as a question."""

    is_negated: bool
    is_hedged: bool


class Clause(NamedTuple):
    units: frozenset[str]
    mood: Mood


def lost_moods(claim: str, quotes: Sequence[str], *, language: Language) -> set[str]:
    """Which of {"negation", "hedge"} differ between the claim's own words and the quotes.

    All texts are folded and in `language`. Clauses without a match in the quotes are passed over.
    """
    said = [c for quote in quotes for c in _clauses(quote, language, is_claim=False)]
    lost: set[str] = set()
    is_drawn: bool | None = None
    for clause in _clauses(claim, language, is_claim=True):
        alike = _most_alike(clause, said)
        if not alike:
            continue
        if _is_turned_round(clause, alike, said):
            is_drawn = is_drawn if is_drawn is not None else draws_denials(claim, quotes, language)
            lost.update(() if is_drawn else ("negation",))
        elif not clause.mood.is_hedged and all(other.mood.is_hedged for other in alike):
            lost.add("hedge")
    return lost


def draws_denials(claim: str, quotes: Sequence[str], language: Language) -> bool:
    """Whether the claim denies, and its evidence more often.

    Talk puts a matter by its contrary ("not 2424, the 2416"); whoever retells it needs one "not"
    for two. Which of them was kept cannot be told by clauses.
    """
    claimed = count_loosely(claim, language)
    return 0 < claimed < sum(count_loosely(quote, language) for quote in quotes)


def is_negated_in(words: str, language: Language) -> bool:
    """Whether a few words, cut out of a sentence, deny."""
    return _mood(words, language).is_negated


def asks_both_ways(words: str) -> bool:
    """Whether Chinese words put a question by their own denial: 能不能, 有没有."""
    return _A_NOT_A.search(words) is not None


def is_in_doubt(claim: str, language: Language) -> bool:
    """Whether a claim reports a question, a wish or a condition."""
    return _is_in_doubt(claim, language, is_claim=True)


def is_conditional(sentence: str, language: Language) -> bool:
    """Whether a sentence holds only under a condition."""
    if language == "zh":
        return _CONDITION_ZH.search(sentence) is not None
    return (
        re.search(r"\bif\b(?! not\b)|\bunless\b|\bprovided that\b|\bassuming\b", sentence)
        is not None
    )


def count_negations(text: str, language: Language) -> int:
    """How many words of the text deny for certain."""
    if language == "zh":
        bare = _NO_NEGATION_ZH.sub("", _A_NOT_A.sub("", text))
        return len(_DENIALS_ZH.findall(bare))
    bare = _NO_NEGATION_EN.sub("", text.lower().replace("’", "'"))
    return len(_DENIALS_EN.findall(bare))


def count_loosely(text: str, language: Language) -> int:
    """How many words of the text may stand for a denial, in this language or in translation."""
    return len(_LOOSE[language].findall(_NO_DENIAL[language].sub("", text)))


def is_hedged_in(words: str, language: Language) -> bool:
    """Whether a few words, cut out of a sentence, leave it open."""
    return _mood(words, language).is_hedged


def _most_alike(clause: Clause, said: Sequence[Clause]) -> list[Clause]:
    if not clause.units:
        return []
    shares = [len(clause.units & other.units) / len(clause.units) for other in said]
    best = max(shares, default=0.0)
    if best < _SAME_MATTER:
        return []
    return [c for c, share in zip(said, shares, strict=True) if share >= _NEARLY_BEST * best]


def _is_turned_round(clause: Clause, alike: Sequence[Clause], said: Sequence[Clause]) -> bool:
    """Whether the like clauses deny what this one affirms, or the other way round.

    A claim may draw two clauses into one ("合同在法务，还没审完" as 法务还没审完合同): a clause
    of the claim's own polarity that adds content of its own clears it.
    """
    if any(other.mood.is_negated == clause.mood.is_negated for other in alike):
        return False
    borne = frozenset().union(*(other.units for other in alike))
    best = max(len(clause.units & other.units) for other in alike)
    return not any(
        other.mood.is_negated == clause.mood.is_negated
        and len(clause.units & other.units - borne) >= _CLEARING_SHARE * best
        for other in said
    )


def _clauses(text: str, language: Language, *, is_claim: bool) -> Iterator[Clause]:
    units_of = _claim_units if is_claim else _quote_units
    for sentence in _SENTENCE_END.split(text):
        parts = [part for part in _CLAUSE_END.split(sentence or "") if part and part.strip()]
        in_doubt = _is_in_doubt(sentence or "", language, is_claim=is_claim)
        for number, part in enumerate(parts, start=1):
            mood = _mood(part, language)
            is_asked = number == len(parts) and _QUESTION_END.search(sentence) is not None
            is_hedged = mood.is_hedged or in_doubt or is_asked
            yield Clause(units_of(part, language), mood._replace(is_hedged=is_hedged))


def _claim_units(text: str, language: Language) -> frozenset[str]:
    bare = _without_marks(text, language)
    units = content_units(bare, language=language, with_fields=False)
    return units or content_units(bare, language=language, with_fields=False, with_acts=True)


def _quote_units(text: str, language: Language) -> frozenset[str]:
    return evidence_units(_without_marks(text, language), language=language)


def _without_marks(text: str, language: Language) -> str:
    """The text without its negations and hedges: 没批 and 批 are about the same matter."""
    if language == "en":
        return text
    return _NEGATION_ZH.sub("", _HEDGE_ZH.sub("", _A_NOT_A.sub(r"\1", text)))


def _is_in_doubt(sentence: str, language: Language, *, is_claim: bool) -> bool:
    """Whether the whole sentence is a condition or a question (or, in a claim, reports one)."""
    if language == "zh":
        asks = is_claim and _ASKS_ZH.search(sentence)
        return bool(asks or _CONDITION_ZH.search(sentence))
    low = sentence.lower()
    asks = (_ASKS_EN if is_claim else _ASKED_EN).search(low)
    return bool(asks or _CONDITION_EN.search(low))


def _mood(clause: str, language: Language) -> Mood:
    if language == "zh":
        bare = _NO_NEGATION_ZH.sub("", _A_NOT_A.sub("", clause))
        is_hedged = _HEDGE_ZH.search(clause) or _ASKED_ZH.search(clause)
        return Mood(bool(_NEGATION_ZH.search(bare)), bool(is_hedged))
    low = _MONTH_MAY.sub("", clause).lower().replace("’", "'")
    bare = _NO_NEGATION_EN.sub("", low)
    return Mood(bool(_NEGATION_EN.search(bare)), bool(_HEDGE_EN.search(low)))
