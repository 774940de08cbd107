"""One customer sentence as the fact readers see it, and which parts of it state anything.

Clauses that ask, suppose, tell of the past or of another project are blanked with a character that
no rule matches, so that every reader sees the same stated words at their original places.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache

from agents.intent.fact_names import People
from core.domain import ContactId, Deal
from core.text.quantities import Quantity, find_quantities

BLANK = "\x01"
# A shorter run before an "if" is no main clause.
_SHORTEST_MAIN = 8

# The colon of "12:30" and the comma of "612,000" end no clause.
_CLAUSE_END = re.compile(
    r"(?<!\d)[,;:](?!\d)|(?<=\d)[,;:](?=\D|$)|(?<!\d)[,;](?=\d)|[。!?…\n]|[——–]+|\s-\s"
    r"|(?=\b(?:but|however|although|though|whereas|except)\b)|(?=但是?|不过|可是|然而)",
    re.IGNORECASE,
)
# "If all goes well we sign on the 12th" states a plan.
_MILD = re.compile(
    r"(?:如果|要是|假如)?(?:一切)?(?:顺利的话|不出意外(?:的话)?|没有?意外(?:的话)?)"
    r"|如果(?:一切)?顺利|如无意外"
    r"|(?:if|assuming|provided) (?:all|everything|things) (?:goes?|go|stays?|holds?)[^,;.]{0,20}"
    r"|if nothing (?:changes|goes wrong|slips|unexpected[^,;.]{0,12})|unless (?:something"
    r"|anything) [^,;.]{0,20}"
    r"|as if|if anything|even if|if you (?:like|want|wish|need)|if possible|see if|know if"
    r"|check if|ask if",
    re.IGNORECASE,
)
_SUPPOSED = re.compile(
    r"如果|(?<![主需只不重])要是|假如|假设|假使|万一|倘若|除非|若是|若(?=[能要您你我没不预])"
    r"|只要(?=[^,。]{0,14}就)|哪怕|即使"
    r"|\b(?:if|unless|suppose|supposing|assuming|in case|provided that|were to|should (?:you|we"
    r"|they|the))\b",
    re.IGNORECASE,
)
_SUPPOSED_AFTER = re.compile(r"的话\s*$")
_WOULD = re.compile(
    r"\b(?:would|could|might)\b|\b(?:we|i|they|he|she|it|you)'d\b|就(?:会|能|可以|马上)"
)
_CONTRAST = re.compile(r"\s*(?:but|however|但|不过|可是|然而)")
# 预算的话, "as for the budget": a topic, no condition.
_TOPIC = re.compile(
    r"\s*(?:[\u4e00-\u9fff]{1,2})?(?:预算|合同|价格|时间|试用|签字|钱|资金|金额|竞品"
    r"|演示)(?:这块|方面)?的话\s*$"
)
_RUMOUR = re.compile(
    r"听说|据说|传言|好像听|有人说|\b(?:i heard|we heard|rumou?rs?|rumou?red|people say|reportedly|"
    r"hypothetically|imagine|let's say|say we)\b",
    re.IGNORECASE,
)
# Past plans and past states; a past month of this deal is none.
_PAST = re.compile(
    r"去年|前年|往年|上一?年度?|以前|当年|当初|原来|原先|原本|本来|原定|原计划|早先|起初|最初"
    r"|之前(?=说|定|是|一?直|的|我们|计划|都|讲|提|谈|约)"
    r"|\b(?:last year(?:'s)?|years? ago|previously|originally|used to|formerly|back then"
    r"|at first|initially|"
    r"at the beginning|in the past|was going to|were going to|had planned|was supposed to"
    r"|were supposed to|"
    r"was meant to|in 20[01]\d|back in 20\d\d)\b",
    re.IGNORECASE,
)
# 原定 9 号的试用只能等到 16 号开始, "on the 4th instead of the 9th": only the old date is past.
_OLD_PLAN = re.compile(
    r"(?:原定|原计划|原本|原来说好|原来|本来|之前定)(?:在|于|是)?[^,。]{1,12}?(?=的(?:试|测|会"
    r"|时)|改|推|延|挪|只能|变|提前|取消)"
    r"|而?不是[^,。]{1,10}"
    r"|^\s*(?:and )?not (?:in|on|by)\b[^,.;]{1,30}|\b(?:instead of|rather than"
    r"|not on)\b[^,.;]{1,30}|\b(?:that|which) (?:was"
    r"|were) (?:originally )?(?:planned|scheduled|due) (?:for|on) [^,.;]{1,20}?(?= will| is| has"
    r"| must| now)"
)
_ELSEWHERE = re.compile(
    r"(?:另一?个|另外(?:的|一个)?|别的|其他|其它|隔壁|上一?个(?!月|周|星期|季|礼拜)|上次那个"
    r"|前一个|兄弟)(?:的)?[^,。]{0,6}(?:项目|工程"
    r"|公司|单位|部门|工厂|厂|医院|学校|标段|集团)"
    r"|(?:他们|对方|人家|竞争对手|客户|供应商|同行|友商|朋友)(?:那边|公司|家)?(?:的)?(?:预算"
    r"|项目|老板)|同行(?:里|那)"
    r"|我?(?:[表堂]?[妹哥弟姐]|亲戚|同学|老乡)[^,。]{0,8}(?:厂|店|公司|那边|那儿|家)"
    r"|(?:我|他|她)(?:的)?(?:前|上一?)(?:东家|家公司|单位|公司)"
    r"|\b(?:(?:an|one) ?other|other|previous|prior|separate|different"
    r"|neighbou?ring) (?:\w+ ){0,2}(?:project|deal|tender|"
    r"programme|program|site|division|company|purchase|initiative|department|team|firm|hospital"
    r"|school|plant)s?\b"
    r"|\bfor the (?!whole|entire|new|same|current|first|second|full|next|analytics"
    r"|software)\w+ (?:project|programme|tender|deal)\b"
    r"|\b(?:their (?:budget|project|boss|board|parent|other)|our customer's|a friend's"
    r"|(?:my|our|his|her) (?:cousin|brother|sister|friend|uncle|aunt|dad|mum|wife|husband)'s"
    r"|sister company'?s?|former employer|old employer|my last (?:job|company)|"
    r"previous (?:job|employer))\b|\bsister (?:compan(?:y|ies)|plants?|sites?|hospitals?)\b",
    re.IGNORECASE,
)
# The English words of the patterns above by their first four letters.
_PAST_STEMS = frozenset(
    "last year prev orig used form back firs init begi past goin plan supp mean in".split()
)
_RUMOUR_STEMS = frozenset("hear rumo peop repo hypo imag let say".split())
_SUPPOSED_STEMS = frozenset("if unle supp assu case prov were shou".split())
_ELSEWHERE_STEMS = frozenset(
    "othe anot prev prio sepa diff neig thei"
    " cust frie cous brot uncl aunt dad mum wife husb sist form old last proj prog tend"
    " deal".split()
)
_OURS = re.compile(r"我们|咱们|这个|这次|本项目|本次|\b(?:ours?|we|this|us)\b", re.IGNORECASE)
_ASKED = re.compile(r"[??]\s*[”\"』」)]*\s*$|[吗呢么]\s*[。.!?]?\s*$")
_ASKS = re.compile(
    r"^\s*(?:and |so |then |but )?(?:is|are|was|were|do|does|did|can|could|will|would|should"
    r"|shall|has|have|had|may|what|when"
    r"|how|who|which|why|where)\b(?! (?:we|i|you)'(?:re|ve))"
    r"|能不能|是不是|有没有|会不会|可不可以|要不要|行不行|能否|是否|什么时候|谁来|哪天|多少钱"
    r"|怎么样",
    re.IGNORECASE,
)
_TAG = re.compile(
    r"^\s*(?:right|okay?|no|yes|correct|isn't it|you know|对吧|对不对|是吧|好吧|行吗|可以吗|好吗"
    r"|明白吗)\W*$"
)
_WORD = re.compile("[a-z]+")
_HAN = re.compile("[\u4e00-\u9fff]")
_FOLD = str.maketrans(
    {
        "’": "'",
        "‘": "'",
        "，": ",",
        "；": ";",
        "？": "?",
        "！": "!",
        "（": "(",
        "）": ")",
        "：": ":",
    }
    | {chr(0xFF10 + n): str(n) for n in range(10)}
)


@dataclass(frozen=True, slots=True)
class Statement:
    """What a reader took from a sentence. `shown` empty: the sentence itself."""

    value: str
    shown: str = ""
    strength: float = 1.0


@dataclass(frozen=True, slots=True)
class Clause:
    """Clause [start, end) of a sentence; `text` is blank where it states nothing."""

    text: str
    start: int
    end: int


@dataclass
class Sentence:
    """A sentence with what was said just before it, who said it and the intents' p.

    `asked` is the other side's question that it answers. What readers ask for is worked out once,
    and only then: most sentences of a meeting interest no reader.
    """

    text: str
    start: int
    end: int
    deal: Deal
    people: People
    before: str = ""
    asked: str = ""
    said_on: date | None = None
    speaker_id: ContactId | None = None
    intents: Mapping[str, float] = field(default_factory=dict)

    @cached_property
    def low(self) -> str:
        """The text in lower case with plain punctuation, character for character."""
        return fold(self.text)

    @cached_property
    def stems(self) -> frozenset[str]:
        """The first four letters of each Latin word."""
        return frozenset(word[:4] for word in _WORD.findall(self.low))

    def hints(self, stems: frozenset[str], han: re.Pattern[str]) -> bool:
        """Whether a reader has reason to look: one of its stems, or `han` in Chinese."""
        if self.is_han:
            return han.search(self.low) is not None
        return not stems.isdisjoint(self.stems)

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        return tuple(_clauses(self.low, None if self.is_han else self.stems))

    @cached_property
    def said(self) -> str:
        """`low` with all that the sentence does not state blanked; offsets stay."""
        pieces = []
        at = 0
        for clause in self.clauses:
            pieces += [self.low[at : clause.start], clause.text]
            at = clause.end
        return "".join(pieces) + self.low[at:]

    @cached_property
    def is_han(self) -> bool:
        return _HAN.search(self.text) is not None

    @cached_property
    def quantities(self) -> list[Quantity]:
        """The quantities of the stated parts."""
        return [q for q in self.numbers if self.said[q.start] != BLANK]

    @cached_property
    def numbers(self) -> list[Quantity]:
        """The quantities of all parts, stated or not."""
        return list(_quantities(self.text, self.said_on))


@lru_cache(maxsize=4096)
def _quantities(text: str, said_on: date | None) -> tuple[Quantity, ...]:
    return tuple(find_quantities(text, reference=said_on))


def fold(text: str) -> str:
    """Lower case and plain punctuation, character for character."""
    low = text.translate(_FOLD)
    folded = low.lower()
    return folded if len(folded) == len(low) else low


def is_question(text: str) -> bool:
    return bool(_ASKED.search(text))


def _clauses(low: str, stems: frozenset[str] | None) -> Iterator[Clause]:
    """The clauses; `stems` are those of an English sentence, which spare it most patterns."""
    spans = list(_clause_spans(low))
    texts = [low[start:end] for start, end in spans]
    unstated = _unstated(low, texts, stems)
    for (start, end), text, is_blank in zip(spans, texts, unstated, strict=True):
        said = BLANK * len(text) if is_blank else _OLD_PLAN.sub(_blanked, text)
        yield Clause(said, start, end)


def _blanked(match: re.Match[str]) -> str:
    return BLANK * len(match.group())


def _clause_spans(low: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _CLAUSE_END.finditer(low):
        if low[start : match.start()].strip():
            yield start, match.start()
            start = match.end()
    if low[start:].strip():
        yield start, len(low)


def _may_hold(stems: frozenset[str] | None, hints: frozenset[str]) -> bool:
    return stems is None or not stems.isdisjoint(hints)


def _unstated(low: str, texts: list[str], stems: frozenset[str] | None) -> list[bool]:
    """Which clauses state nothing; one that turns to supposing has its end blanked in `texts`."""
    # Most sentences hold none of this: each pattern first looks at the whole.
    blank = [False] * len(texts)
    for pattern, hints in ((_PAST, _PAST_STEMS), (_RUMOUR, _RUMOUR_STEMS)):
        if _may_hold(stems, hints) and pattern.search(low):
            blank = [
                b or bool(pattern.search(_OLD_PLAN.sub("", t)))
                for b, t in zip(blank, texts, strict=True)
            ]
    if is_question(low):
        blank = [b or bool(_ASKS.search(t)) for b, t in zip(blank, texts, strict=True)]
        for index in range(len(texts) - 1, -1, -1):
            blank[index] = True
            if not _TAG.match(texts[index]):
                break
    if _may_hold(stems, _SUPPOSED_STEMS) and (_SUPPOSED.search(low) or "的话" in low):
        _blank_suppositions(texts, blank)
    if _may_hold(stems, _ELSEWHERE_STEMS) and _ELSEWHERE.search(low):
        _blank_elsewhere(texts, blank)
    return blank


def _blank_suppositions(texts: list[str], blank: list[bool]) -> None:
    """What follows an "if" is supposed, and so is a main clause before it that says "would"."""
    for index, text in enumerate(texts):
        bare = _MILD.sub(lambda mild: " " * len(mild.group()), text)
        match = _SUPPOSED.search(bare)
        if match is None and not (_SUPPOSED_AFTER.search(bare) and not _TOPIC.match(bare)):
            continue
        last = next(
            (at for at in range(index + 1, len(texts)) if _CONTRAST.match(texts[at])), len(texts)
        )
        was_blank = blank[index]
        blank[index:last] = [True] * (last - index)
        ahead = text[: match.start()] if match else ""
        if not was_blank and len(ahead.strip()) > _SHORTEST_MAIN and not _WOULD.search(ahead):
            blank[index] = False
            texts[index] = ahead + BLANK * (len(text) - len(ahead))
        for earlier in range(index):
            if _WOULD.search(texts[earlier]):
                blank[earlier] = True
        return


def _blank_elsewhere(texts: list[str], blank: list[bool]) -> None:
    """Another project's clause, and those after it until the talk comes back to this one."""
    elsewhere = False
    for index, text in enumerate(texts):
        if _ELSEWHERE.search(text):
            elsewhere = True
        elif elsewhere and (_OURS.search(text) or re.match(r"\s*(?:but|however|但|不过)", text)):
            elsewhere = False
        blank[index] = blank[index] or elsewhere
