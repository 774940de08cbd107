"""Is `Something: words` a speaker and their words, or just words with a colon?

Zoom, Feishu and Tencent write display names that people chose themselves, so nothing but shape and
habit can tell. A wrong yes cuts the start off a quote and loses the speaker; a wrong no leaves the
words whole without a speaker. So what reads like a clause is no name, and a file in which hardly
any line has a name has none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

# Zoom allows 64 characters in a display name.
_LONGEST_NAME = 64
_MOST_WORDS = 7
# Captions without speakers still hold a colon now and then; named ones have it nearly everywhere.
_LEAST_SHARE_NAMED = 0.1
# What looks like a clause but opens this many lines of one file is a display name after all.
_OFTEN = 3
_SHORTEST_PHONE_DIGITS = 7

_PREFIX = re.compile(
    r"(?P<name>[^:：\r\n]{1,64}?)[ \t\u3000]*(?P<colon>[:：])(?P<gap>[ \t\u3000]*)"
)
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
_IN_BRACKETS = re.compile(r"[(（\[【][^()（）\[\]【】]*[)）\]】]")
_CLAUSE_MARKS = re.compile(r"[?!。？！；;，、:：\"“”<>=…]|[^\W\d_]{5,}\.|-->|\d{4}[-/年]")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_HAN_CLAUSE = re.compile("[的是了我你您他她它们这那吗呢吧啊不没]")
_HAN_OPENING = re.compile(
    "第[一二三四五六]|问题|结论|比如|例如|注意|重点|备注|首先|其次|另外|最后|总结|时间|地点|议题|主题"
    "|价格|预算|目标|关键词|文字记录|参会人|会议"
)
_CLAUSE_WORDS = frozenset(
    "a an the is are was were be to that this these those it its we you they i my your our their"
    " here's there's it's that's what's what how why because if have has had do does did can could"
    " would should i'm i've we're we've you're don't not but then at on by from until till around"
    " me us him for in".split()
)
_OPENING_WORDS = frozenset(
    "note notes question questions answer example summary action agenda problem reminder update"
    " price budget total status todo next first second third okay ok so well yes no plus also"
    " http https re fyi ps subject date time topic meeting point option step".split()
)


def name_prefix(text: str, start: int, end: int) -> tuple[str, int] | None:
    """(what stands before the colon, where the words begin) of one line, or None.

    A half-width colon needs a space, a Chinese character or the line's end after it, so that
    "10:30" and "https://" are none.
    """
    while start < end and text[start].isspace():
        start += 1
    match = _PREFIX.match(text, start, end)
    if match is None:
        return None
    after = match.end()
    is_open = match["colon"] == "：" or match["gap"] or after >= end or _HAN.match(text, after)
    return (match["name"].strip(), after) if is_open else None


def accepted_names(candidates: Sequence[str | None]) -> frozenset[str]:
    """Which of the lines' candidates (None where a line has none) are display names.

    Empty where fewer than a tenth of the lines would have one.
    """
    counts = Counter(name for name in candidates if name)
    names = {n for n, count in counts.items() if is_name(n) or (count >= _OFTEN and _has_body(n))}
    n_named = sum(counts[name] for name in names)
    return frozenset(names) if n_named >= _LEAST_SHARE_NAMED * len(candidates) else frozenset()


def is_name(candidate: str) -> bool:
    """Whether the words have the shape of a display name: a person's, a room's or a phone's."""
    bare = _IN_BRACKETS.sub(" ", candidate).strip() or candidate.strip("[]【】()（） ")
    if len(candidate) > _LONGEST_NAME or not _has_body(bare) or _CLAUSE_MARKS.search(bare):
        return False
    if bare.count(",") > 1:
        return False
    words = _WORD.findall(bare)
    lowered = [word.replace("’", "'").casefold() for word in words]
    if len(words) > _MOST_WORDS or (lowered and lowered[0] in _OPENING_WORDS):
        return False
    if _reads_on(words, lowered):
        return False
    return not (_HAN_CLAUSE.search(bare) or _HAN_OPENING.match(bare))


def _reads_on(words: list[str], lowered: list[str]) -> bool:
    """Whether Latin words read like running speech; "Do Thi Ha" and "My Tran" do not."""
    if len(words) >= 2 and all(word[0].isupper() for word in words):
        return False
    if len(words) >= 3 and all(word[0].islower() for word in words):
        return True
    return any(word in _CLAUSE_WORDS for word in lowered)


def _has_body(name: str) -> bool:
    n_digits = sum(map(str.isdigit, name))
    return any(map(str.isalpha, name)) or n_digits >= _SHORTEST_PHONE_DIGITS
