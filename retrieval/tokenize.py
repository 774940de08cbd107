"""Text to index terms, Chinese and English in one pass.

Four kinds of token come out of one normalised text, because each alone fails somewhere:

- labels of the term packs, found by an Aho-Corasick automaton: a segmenter cuts 设备联网率 into
  three words, the pack knows that it is one;
- words of Han runs in search mode. rjieba does it (jieba's dictionary and model in Rust: the same
  words at twenty times the speed, ready at import). jieba itself loads its dictionary for about a
  second, so it is the named fallback (`segmenter="jieba"`) and takes over by itself on platforms
  without an rjieba wheel;
- bigrams of Han characters: a dictionary cuts unknown names differently in query and passage, two
  neighbouring characters are always the same two. A bigram that is also a word counts once;
- English words by their Snowball (Porter2) stem, codes such as PLC-1200 or "SOC 2" whole, joined
  and in parts, so that "plc1200" finds both.

Traditional characters count as their simplified ones: 預算 finds 预算.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from functools import cached_property, lru_cache, partial
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Literal

import structlog

from core.text.normalise import normalised
from core.text.scripts import simplified

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick

log = structlog.get_logger(__name__)

# To be raised whenever the same text gives other tokens.
VERSION = "tokens@2"

Segmenter = Literal["rjieba", "jieba"]
# (start, -end, token): of tokens that start together the longest comes first.
Span = tuple[int, int, str]
Words = Callable[[str], Iterable[tuple[str, int, int]]]

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
# A run of Han, or a Latin word or code with its inner joints: c++, at&t, plc-1200, v2.1, o'neil.
_RUN = re.compile(rf"(?P<han>[{_HAN}]+)|(?P<latin>[^\W_{_HAN}]+(?:[-_./&+'][^\W_{_HAN}]+)*[+#]*)")
_PART = re.compile(r"\d+|[^\W\d_]+")
# "SOC 2", "ISO 27001": capitals and a number, one name written as two words.
_SPACED_CODE = re.compile(r"(?<![^\W_])([A-Z]{2,8}) (\d{1,6})(?![^\W_])")
_HAN_CHARACTER = re.compile(rf"[{_HAN}]")

# Words that ask or glue and never tell passages apart. In a scope of a few dozen passages BM25's
# own idf has seen too little to know that.
_STOP_WORDS = frozenset(
    "a an and are as at be been but by can could did do does for from had has have how i if in into"
    " is it its me my of on or our should so than that the their them there these they this those"
    " to was we were what when where which who whom why will with would you your about any"
    " 的 了 吗 呢 吧 啊 是 在 和 与 及 或 也 都 就 而 着 把 被 让 对 从 到 之 其 这 那 这个 那个"
    " 几 谁 什么 怎么 怎样 怎么样 如何 为什么 为何 哪 哪个 哪些 哪里 哪儿 何 多少 是否"
    " 有没有 是不是 我们 你们 他们 它们 我 你 他 她 它 您 咱们 请 请问".split()
)
# Words that say what is asked for, not about what. They weigh half in a query; in a passage they
# may be its matter.
ASKING_WEIGHT = 0.5
_ASKING = frozenset(
    "summarize summarise summary discuss discussion talk mention describe explain tell say said"
    " think thought opinion opinions"
    " 讨论 介绍 提到 提及 说明 解释 总结 概括 认为 觉得 看法 意见".split()
)
# Stemming in Python costs microseconds a word; the words of mail repeat.
_STEMS_REMEMBERED = 1 << 16


class Tokenizer:
    """`tokens(text)` gives the terms of one text; construction compiles the labels once.

    Latin labels count at word boundaries only, with or without a plural s; one-character labels
    are left out. Safe to share between threads.
    """

    def __init__(self, terms: Iterable[str] = (), *, segmenter: Segmenter = "rjieba") -> None:
        folded = {_fold(label) for label in terms}
        self._labels = sorted(label for label in folded if len(label) > 1)
        self._segmenter = segmenter

    @cached_property
    def name(self) -> str:
        """Differs where tokens may differ: an index of one tokenizer is no use to another."""
        digest = hashlib.sha256("\n".join([self._segmenter, *self._labels]).encode())
        return f"{VERSION}/{digest.hexdigest()[:16]}"

    def tokens(self, text: str) -> list[str]:
        """Tokens in the order of the text, labels before the words in them; repeats are kept."""
        plain = simplified(normalised(text))
        folded = plain.casefold()
        spans: dict[Span, None] = {}
        for start, end, label in self._label_spans(folded):
            spans[start, -end, label] = None
        for match in _SPACED_CODE.finditer(plain):
            # casefold() changes no length of ASCII capitals, but earlier characters may: the place
            # only orders the tokens, so a slip of one is harmless.
            spans[match.start(), -match.end(), (match[1] + match[2]).casefold()] = None
        for match in _RUN.finditer(folded):
            if match.lastgroup == "han":
                self._add_han(spans, match[0], match.start())
            else:
                _add_latin(spans, match[0], match.start())
        return [token for _, _, token in sorted(spans)]

    def query_weights(self, query: str) -> dict[str, float]:
        """The distinct tokens of a question, in its order, with the weight of each."""
        return {token: ASKING_WEIGHT if token in _asking() else 1.0 for token in self.tokens(query)}

    def _label_spans(self, folded: str) -> Iterable[tuple[int, int, str]]:
        if not self._labels:
            return
        for index, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True):
            if _at_word_boundaries(folded, start, end):
                yield start, end, self._labels[index]

    def _add_han(self, spans: dict[Span, None], run: str, at: int) -> None:
        n_bigrams = len(run) - 1
        if not n_bigrams and run not in _STOP_WORDS:
            spans[at, -at - 1, run] = None
        for index in range(n_bigrams):
            spans[at + index, -at - index - 2, run[index : index + 2]] = None
        for word, start, end in self._words(run):
            # A word of two characters is a bigram already.
            if end - start > 2 and word not in _STOP_WORDS:
                spans[at + start, -at - end, word] = None

    @cached_property
    def _automaton(self) -> AhoCorasick:
        from ahocorasick_rs import AhoCorasick

        return AhoCorasick(self._labels)

    @cached_property
    def _words(self) -> Words:
        return _search_mode(self._segmenter)


def _add_latin(spans: dict[Span, None], run: str, at: int) -> None:
    """A plain word gives its stem; a code gives itself, its joined form and its parts."""
    end = at + len(run)
    run = run.removesuffix("'s").replace("'", "")
    if run in _STOP_WORDS:
        return
    if run.isalpha():
        spans[at, -end, _stem(run)] = None
        return
    spans[at, -end, run] = None
    parts = list(_PART.finditer(run))
    if len(parts) > 1:
        spans[at, -end, "".join(part[0] for part in parts)] = None
    for part in parts:
        word = part[0]
        if word not in _STOP_WORDS and (len(word) > 1 or word.isdigit()):
            spans[at + part.start(), -at - part.end(), _stem(word)] = None


def _at_word_boundaries(folded: str, start: int, end: int) -> bool:
    """Whether a label that begins or ends with a Latin letter or digit is cut out of no word."""
    if _is_latin(folded, start) and start > 0 and _is_latin(folded, start - 1):
        return False
    if not _is_latin(folded, end - 1) or not _is_latin(folded, end):
        return True
    is_plural = folded[end] == "s" and folded[end - 1].isalpha()
    return is_plural and not _is_latin(folded, end + 1)


def _is_latin(folded: str, at: int) -> bool:
    if at >= len(folded):
        return False
    character = folded[at]
    return character.isalnum() and not _HAN_CHARACTER.match(character)


def _fold(label: str) -> str:
    return simplified(normalised(label)).casefold().strip()


@lru_cache(maxsize=_STEMS_REMEMBERED)
def _stem(word: str) -> str:
    return str(_stemmer().stemWord(word)) if word.isascii() else word


@lru_cache(maxsize=1)
def _asking() -> frozenset[str]:
    return frozenset(_stem(word) for word in _ASKING)


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("english")


def _search_mode(segmenter: Segmenter) -> Words:
    """The segmenter's search mode with places: long words and the shorter words inside them."""
    if segmenter == "rjieba":
        try:
            import rjieba
        except ImportError:
            log.warning("segmenter_replaced", wanted="rjieba", used="jieba")
        else:
            return partial(rjieba.tokenize, mode="search")
    import jieba

    # jieba announces its start on stderr otherwise.
    jieba.setLogLevel("WARNING")
    tokenizer = jieba.Tokenizer()
    # Its cache would be read from the folder for temporary files, where anyone may put one.
    with TemporaryDirectory() as private:
        tokenizer.tmp_dir = private
        tokenizer.initialize()
    return partial(tokenizer.tokenize, mode="search")
