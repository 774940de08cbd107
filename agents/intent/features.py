"""What the recogniser sees of an utterance beside its embedding: n-grams and a few plain cues.

The sentence embedding carries over between people, their wording much less (measured: see
evals/datasets/intents/REPORT.json), so the surface is kept small: character 1-4-grams inside runs
of Han characters, 1-2-grams of Latin words, digits folded to '#', and cues that averages of word
meanings lose: who speaks of whom, whether it is asked, denied, supposed or only compared.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

import numpy as np

from core.domain import Channel, Passage
from core.ports import Vectors
from core.text.language import language_of
from core.text.normalise import normalise
from core.text.sentences import sentences

LONGEST_HAN_GRAM = 4
# A meeting turn up to this long is one thought; e-mails and longer turns are cut into sentences.
LONGEST_WHOLE_UTTERANCE = 200
# A clause shorter than this ("对,", "well,") says nothing for itself and joins its neighbour.
SHORTEST_CLAUSE = {"zh": 5, "en": 14}
MOST_CLAUSES = 6

_RUN = re.compile(
    r"(?P<han>[\u3007\u3400-\u4dbf\u4e00-\u9fff]+)|(?P<latin>[a-z][a-z'’]*|\d[\d.,]*|[?%])"
)
_CLAUSE_END = re.compile(
    r"[，。！？；：、\n]|[,;:!?](?=\s|$|[^\x00-\x7f])|(?<=[^\d])\.(?=\s|$)|\s[-–—]\s|——"
)

_NUMBER = r"(?:\d|[一二两三四五六七八九十百千万亿]{1,6}(?=[个天周月年家台套人席万块元点%成]))"
_CUES: tuple[tuple[str, str], ...] = (
    (
        "question",
        r"[?？]|[吗呢么](?=[。,，!！\s]|$)|能不能|可不可以|是不是|有没有|怎么|多少|为什么|几[个天时]"
        r"|^(?:can|could|do|does|is|are|what|how|who|when|where|why|would|will|any)\b",
    ),
    (
        "wish",
        r"希望|想要|麻烦|请|能否|最好|需要|必须|得能|要能|\b(?:please|need|want|must|should|like to|hope)\b",
    ),
    (
        "negation",
        r"不是|没有|并不|不会|不用|不怕|不在|没啥|不想|别|无法|没法|未"
        r"|\b(?:not|no|never|none|without|nothing|nobody|cannot|isn't|aren't|don't|doesn't|won't|can't|wasn't|didn't"
        r"|wouldn't)\b",
    ),
    (
        "supposed",
        r"如果|要是|假如|假设|万一|倘若|的话|除非|\b(?:if|suppose|unless|would|were to|hypothetically|say we)\b",
    ),
    (
        "money",
        r"[¥$€£]|元|块钱|万|预算|价|钱|费用|付款|贵|\b(?:usd|eur|rmb|dollars?|budget|price|cost|cheaper|pay|k)\b",
    ),
    ("percent", r"[%％]|百分之|个点|\bper ?cent\b"),
    (
        "day",
        r"\d{1,2}月|[一二三四五六七八九十]月|\d+[号日]|下周|本周|年底|季度|月底|月初|周[一二三四五六日]|明年|今年"
        r"|\b(?:monday|tuesday|wednesday|thursday|friday|january|february|march|april|june|july|august|september"
        r"|october|november|december|q[1-4]|week|month|quarter|year)\b",
    ),
    ("number", _NUMBER),
    (
        "comparison",
        r"比|更|不如|还是.{0,6}好|另一家|别家|同类|\b(?:than|better|worse|cheaper|versus|vs|compared|other)\b",
    ),
    ("own_side", r"我们|咱|我司|我院|我校|我厂|本公司|俺|\b(?:we|our|us|we're|we've|we'd)\b"),
    ("other_side", r"你们|贵司|贵公司|贵方|您|\b(?:you|your|yours)\b"),
    (
        "third_side",
        r"他们|他|她|老板|领导|总监|院长|老总|董事|\b(?:they|he|she|boss|director|board|ceo|cfo|cio)\b",
    ),
    (
        "reported",
        r"说|表示|认为|觉得|意思|反映|要求|\b(?:said|says|told|thinks|feels|reckons|wants|asked|insists)\b",
    ),
    ("past", r"了|过|去年|上个?[月周次]|以前|曾|\b(?:was|were|had|did|last|ago|used to)\b"),
    (
        "later",
        r"以后|再说|再看|回头|先放|缓|暂|等|改天|\b(?:later|wait|until|hold|pause|revisit|someday|after)\b",
    ),
    (
        "thanks",
        r"谢|辛苦|收到|好的|早上好|您好|\b(?:thanks|thank|hello|hi|received|noted|cheers|regards|morning)\b",
    ),
    ("exclaim", r"[!！]"),
)
_CUE_PATTERNS = tuple((name, re.compile(pattern)) for name, pattern in _CUES)
CUE_NAMES: tuple[str, ...] = (*(name for name, _ in _CUES), "zh", "length")


def surface(text: str) -> str:
    """The normalised, lower-case text that n-grams and cues read."""
    return normalise(text).text.lower()


def grams(text: str) -> list[str]:
    """The n-grams of `surface(text)` with repeats, in the order of the text.

    Han runs give their characters' 1-4-grams, Latin words and numbers ('#') 1-2-grams.
    """
    found: list[str] = []
    previous = ""
    for match in _RUN.finditer(text):
        piece = match[0]
        if match.lastgroup == "han":
            found.extend(_han_grams(piece))
            previous = ""
            continue
        word = "#" if piece[0].isdigit() else piece.replace("’", "'")
        found.append(word)
        if previous:
            found.append(f"{previous} {word}")
        previous = word
    return found


def _han_grams(run: str) -> Iterator[str]:
    for n in range(1, LONGEST_HAN_GRAM + 1):
        for at in range(len(run) - n + 1):
            yield run[at : at + n]


def cues(text: str) -> Vectors:
    """(n_cues,) float32 in [0, 1], named by CUE_NAMES; `text` is a `surface`."""
    values = [1.0 if pattern.search(text) else 0.0 for _, pattern in _CUE_PATTERNS]
    is_zh = language_of(text) == "zh"
    # Chinese says in one character what takes English about three.
    length = len(text) * (3 if is_zh else 1)
    values += [float(is_zh), min(1.0, math.log1p(length) / 6)]
    return np.array(values, dtype=np.float32)


def clauses(text: str) -> list[str]:
    """The text's clauses, at most six, none of them a mere particle; [text] when it has one."""
    shortest = SHORTEST_CLAUSE[language_of(text)]
    pieces: list[str] = []
    start = 0
    for match in _CLAUSE_END.finditer(text):
        if match.end() - start >= shortest:
            pieces.append(text[start : match.end()].strip())
            start = match.end()
    rest = text[start:].strip()
    if len(rest) >= shortest or not pieces:
        pieces.append(rest)
    elif rest:
        pieces[-1] = f"{pieces[-1]}{text[start:]}".strip()
    if len(pieces) > MOST_CLAUSES:
        return pieces[:MOST_CLAUSES]
    return pieces


def sentence_spans(passage: Passage) -> list[tuple[int, int]]:
    """Where the units of recognition lie in `passage.text`, in order.

    A meeting turn of up to 200 characters is taken whole: the listener hears it as one thought.
    """
    if not passage.text.strip():
        return []
    if passage.channel is not Channel.EMAIL and len(passage.text) <= LONGEST_WHOLE_UTTERANCE:
        start = len(passage.text) - len(passage.text.lstrip())
        return [(start, len(passage.text.rstrip()))]
    return sentences(passage.text)
