"""The words that a claim and its evidence are aligned by, and which of them say nothing.

A figure is one word in whatever notation, so 48万 aligns with 480,000; "n't" is a word of its own;
an ordinal is its digits. Plain words (pronouns, auxiliaries, particles) may differ freely between a
sentence and its report.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from core.domain import Evidence
from core.text.numerals import parse_chinese
from core.text.quantities import Quantity, same_quantity
from retrieval.frame_words import (
    FRAME_EN,
    FRAME_ZH,
    REPORTING_EN,
    REPORTING_ZH,
    SPEECH_ACTS_EN,
    SPEECH_ACTS_ZH,
)
from retrieval.statements import quantities_of, statement
from retrieval.wording import stem

_TOKEN = re.compile(
    r"(?<=第)[零〇一二两三四五六七八九十百千]+|\d+(?:st|nd|rd|th)\b"
    r"|[\u3400-\u4dbf\u4e00-\u9fff]|[^\W\d_]+(?:['’][a-z]+)?|\d+|[,.;:!?、()\"“”「」\n]|‰|%|[$€£¥]"
)
_HAN_DIGITS = frozenset("零〇一二两三四五六七八九十百千")
_ORDINALS = {
    word: str(number)
    for number, word in enumerate(
        "third fourth fifth sixth seventh eighth ninth tenth".split(), start=3
    )
}
_BOUNDARY = frozenset(',.;:!?、()"“”「」\n')
_JOINTS = frozenset("and but or because so 但 而 并".split())
_PLAIN_ZH = frozenset(
    "的了在是和与都对把给也从到这那其里中着吧吗呢及或及为被让使个我你您他她它们自己啊嗯呃哦呀嘛啦就还"
)
_PLAIN_EN = (
    FRAME_EN | frozenset(REPORTING_EN) | frozenset(SPEECH_ACTS_EN)
    | frozenset(
        "me him us them mine hers ours theirs myself himself herself themselves ourselves im id ll"
        " ve re d s t m uh um er ah oh well just really quite got get gets whose whom per via upon"
        " okay yeah yes please thank thanks hi hello dear according told today willing find finds"
        .split()
    )
) - frozenset("no not more most every might may could several next last".split())  # fmt: skip
_SAYING = sorted({*REPORTING_ZH, *SPEECH_ACTS_ZH, *FRAME_ZH}, key=lambda w: (-len(w), w))
_SAYS = re.compile(
    "|".join(map(re.escape, _SAYING))
    + r"|据|根据|按照|的?(?:说法|介绍|原话|意见)|明确|称|我方|销售(?:人员|代表|经理)?|当天|曾|需要"
    + r"|[要想]"
)


# Words that change nothing; each class as stems or characters without plain ones.
_SYNONYMS = tuple(
    frozenset("" if word == "-" else stem(word) for word in words.split())
    for words in (
        "need require must", "buy purchase", "start begin", "help assist", "show display",
        "use utilize utilise employ", "obtain receive", "approximately around roughly about",
        "big large", "call meeting", "end finish", "currently now presently", "every each",
        "quickly fast", "ask request", "also too", "maybe perhaps possibly", "might may could",
        "although though", "hence therefore", "next following", "yes -", "like want",
        "willing happy glad",
        "日 号", "需要 需 要 必须", "购买 买 采购", "价格 价钱 价", "大约 大概 约 差不多",
        "能够 能 可以 会",
        "非常 很 十分 挺 -", "目前 现在 当前 如今", "因为 由于", "所以 因此", "但是 但 不过 可是",
        "如果 若 要是 假如", "也许 可能 或许", "没有 没 未", "已经 已 - 曾", "时候 时",
        "希望 想 想要",
        "位 名", "别 不要", "元 块 块钱", "立即 立刻 马上", "全部 所有", "- 都",
        "- 也", "- 再", "- 要",
    )
)  # fmt: skip


class Token(NamedTuple):
    """`key` compares; `place` is the figure's number or -1; [start, end) lies in the text."""

    key: str
    start: int
    end: int
    clause: int
    is_plain: bool
    is_figure: bool = False


def words_in(low: str) -> frozenset[str]:
    """The different words and marks of a text in lower case."""
    return frozenset(match.group() for match in _TOKEN.finditer(low))


@lru_cache(maxsize=4096)
def words_of(evidence: Evidence) -> frozenset[str]:
    return words_in(statement(evidence).low)


@lru_cache(maxsize=4096)
def tokens_of(evidence: Evidence) -> tuple[tuple[Token, ...], tuple[Quantity, ...]]:
    """The evidence's tokens and figures, offsets into its folded text."""
    one = statement(evidence)
    figures = tuple(quantities_of(one.low, reference=one.day))
    return tuple(tokens_in(one.low, figures, [_figure_key(q) for q in figures])), figures


def _figure_key(figure: Quantity) -> str:
    return f"#{figure.kind}:{figure.value}:{figure.unit}"


def key_in(figure: Quantity, known: Sequence[Quantity]) -> str:
    """The figure's key; that of the evidence where the evidence has the same in any notation."""
    return _figure_key(next((one for one in known if same_quantity(figure, one)), figure))


def tokens_in(text: str, figures: Sequence[Quantity], keys: Sequence[str]) -> list[Token]:
    found: list[Token] = []
    clause = at = 0
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        while at < len(figures) and figures[at].end <= start:
            at += 1
        if at < len(figures) and figures[at].start <= start < figures[at].end:
            if not (found and found[-1].is_figure and found[-1].key == keys[at]):
                figure = figures[at]
                found.append(Token(keys[at], figure.start, figure.end, clause, False, True))
            continue
        word = match.group()
        if word in _BOUNDARY or word in _JOINTS:
            clause += 1
        if word in _BOUNDARY:
            continue
        found += _word_tokens(word, start, end, clause)
    return found


def _word_tokens(word: str, start: int, end: int, clause: int) -> Iterator[Token]:
    word = word.replace("’", "'")
    if ordinal := _ordinal(word):
        yield Token(ordinal, start, end, clause, False)
        return
    if word.endswith("n't") or word == "cannot":
        bare = {"can't": "can", "won't": "will", "cannot": "can"}.get(word, word[:-3])
        middle = start + min(len(bare), len(word) - 1)
        yield Token(stem(bare), start, middle, clause, bare in _PLAIN_EN)
        yield Token("not", middle, end, clause, False)
        return
    bare = word.partition("'")[0]
    is_plain = bare in _PLAIN_EN if bare.isascii() else bare in _PLAIN_ZH
    yield Token(stem(bare) if bare.isascii() else bare, start, end, clause, is_plain)


def _ordinal(word: str) -> str | None:
    """The digits of 3rd, third and (behind 第) 三."""
    if word[0].isdigit():
        return word.rstrip("stndrh")
    if word[0] in _HAN_DIGITS and (len(word) > 1 or word == "十"):
        value = parse_chinese(word)
        return None if value is None else str(value)
    return _ORDINALS.get(word)


def unframed(tokens: Sequence[Token], text: str) -> list[Token]:
    """Tokens outside the words that only say who said it."""
    if not tokens:
        return []
    low, high = tokens[0].start, tokens[-1].end
    framed = [(low + m.start(), low + m.end()) for m in _SAYS.finditer(text[low:high])]
    return [t for t in tokens if not any(s <= t.start < e for s, e in framed)]


def means_the_same(new: Sequence[Token], gone: Sequence[Token]) -> bool:
    mine, theirs = ("".join(t.key for t in side) for side in (new, gone))
    return any(mine in words and theirs in words for words in _SYNONYMS)
