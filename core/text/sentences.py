"""Where sentences begin and end, in Chinese and English, on the original characters.

A rule-based splitter: what it protects (abbreviations, decimals, versions, addresses) is what sales
mail and transcripts hold. Spans partition the text before trimming, so nothing is ever lost.
"""

import re
from collections import deque
from collections.abc import Iterator

# Speech recognisers may emit minutes without a full stop; longer passages blur retrieval.
LONGEST_SENTENCE = 400
# A cut nearer to the start than this would leave a fragment.
_SHORTEST_CUT = LONGEST_SENTENCE // 2

_CLOSERS = "\"'”’」』）)\\]】》〉"
_BOUNDARY = re.compile(
    rf"(?P<cjk>[。！？；｡…]+[!?;。！？；…]*[{_CLOSERS}]*)"
    rf"|(?P<ascii>[!?;]+[!?;！？。…]*[{_CLOSERS}]*)"
    rf"|(?P<stop>[.．]+[{_CLOSERS}]*)"
    r"|(?P<break>[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+|\r?\n(?:[^\S\n]*\r?\n)+)"
    r"|(?P<line>\r?\n|\r)"
)
_ADDRESS = re.compile(
    r"(?:https?://|www\.)[^\s<>\"'，。；！？、）】》」』“”\u4e00-\u9fff]*[\w/#=&-]"
    r"|(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    re.ASCII,
)
_BULLET = re.compile(
    r"[^\S\n]*(?:[-*•·●○▪◦–—>]\s|[•·●○▪◦]|[(（]?\d{1,2}[.)、）](?!\d)|[(（]?[一二三四五六七八九十]{1,3}[、）)])"
)
_CJK = re.compile("[\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uff65“”‘’…—]")
_WORD_BEFORE = re.compile(r"(?:[^\W_]|[.&])+\Z", re.ASCII)
_WORD_AFTER = re.compile(r"\s*[\"'(“‘]*([A-Za-z']+)")

# Never the last word of a sentence: a title or an "of which" always has something after it.
_OPEN_ABBREVIATIONS = frozenset(
    "mr mrs ms mx dr prof st messrs rev gen capt e.g eg i.e ie vs v cf viz approx ca dept est fig"
    " figs vol ext attn tel mt ft jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu"
    " fri sat sun gov sen hon".split()
)
# Often the last word of a sentence: they end it only where the next word opens one.
_CLOSE_ABBREVIATIONS = frozenset(
    "inc ltd co corp llc plc gmbh bros etc al jr sr a.m p.m u.s u.k u.n e.u u.s.a ph.d b.v s.a d.c"
    " pty pte intl mfg".split()
)
_OPENERS = frozenset(
    "the they we it i he she you this that these those our their my your his her its but and so if"
    " when what how why who where please let there here then however also after before once".split()
)
# "No. 5" is a number, "No. We cannot." is an answer.
_NUMBER_ABBREVIATIONS = frozenset("no nos nr p pp art sec para ch".split())


def sentences(text: str) -> list[tuple[int, int]]:
    """Spans [start, end) of the sentences, in code points of `text`, trimmed, ordered, disjoint.

    Every character that is not white space lies in exactly one span.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for end in _ends(text):
        _append(spans, text, start, end)
        start = end
    _append(spans, text, start, len(text))
    return spans


def _append(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    """Trims [start, end) and appends it, cut to pieces of at most LONGEST_SENTENCE."""
    while True:
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        if start == end:
            return
        if end - start <= LONGEST_SENTENCE:
            spans.append((start, end))
            return
        cut = _cut(text, start)
        stop = cut
        while text[stop - 1].isspace():
            stop -= 1
        spans.append((start, stop))
        start = cut


def _cut(text: str, start: int) -> int:
    """The best place to cut a run that is too long: after a comma, else a space, else hard."""
    low, high = start + _SHORTEST_CUT, start + LONGEST_SENTENCE
    for marks in ("，,、：:", " \t\n\u3000"):
        cut = max(text.rfind(mark, low, high) for mark in marks)
        if cut >= 0 and not (text[cut] in ",:" and text[cut + 1].isdigit()):
            return cut + 1
    return high


def _ends(text: str) -> Iterator[int]:
    addresses = deque(_address_spans(text))
    start = 0
    for match in _BOUNDARY.finditer(text):
        at = match.start()
        while addresses and addresses[0][1] <= at:
            addresses.popleft()
        if addresses and addresses[0][0] <= at:
            continue
        kind = match.lastgroup
        ends = (
            kind in ("cjk", "break")
            or (kind == "line" and _line_ends(text, at, match.end()))
            or (kind == "ascii" and not _inside_word(text, match.end()))
            or (kind == "stop" and _stop_ends(text, start, at, match.end()))
        )
        if ends:
            start = match.end()
            yield start


def _address_spans(text: str) -> list[tuple[int, int]]:
    if "@" not in text and "://" not in text and "www." not in text:
        return []
    return [match.span() for match in _ADDRESS.finditer(text)]


def _inside_word(text: str, end: int) -> bool:
    return end < len(text) and text[end].isascii() and text[end].isalnum()


def _line_ends(text: str, at: int, after: int) -> bool:
    """Whether a single newline ends a sentence: always beside Chinese or before a list item.

    Latin mail is wrapped at about 72 columns, Chinese mail is not.
    """
    # Far enough back for any line that a person typed.
    floor = max(0, at - LONGEST_SENTENCE)
    before = text[floor:at].rstrip(" \t")[-1:]
    if before and _CJK.match(before):
        return True
    following = text[after : after + 200].lstrip(" \t")[:1]
    if following and _CJK.match(following):
        return True
    if _BULLET.match(text, after):
        return True
    line_start = max(text.rfind("\n", floor, at), text.rfind("\r", floor, at)) + 1
    return _BULLET.match(text, line_start) is not None and not text.startswith((" ", "\t"), after)


def _stop_ends(text: str, start: int, at: int, end: int) -> bool:
    """Whether a full stop at `at` (run and closers up to `end`) ends the sentence from `start`."""
    following = text[end : end + 1]
    if following and not following.isspace():
        # "好.我们" ends, "3.我们" is a list number, "3.5", "v1.2" and "a.b" do not end.
        return bool(_CJK.match(following)) and bool(at and _CJK.match(text[at - 1]))
    if end - at > 1 and text[at + 1] in ".．":
        return True
    before = _WORD_BEFORE.search(text, max(start, at - 24), at)
    if before is None:
        return True
    word = before.group().lower()
    if word.isdigit():
        is_list_number = len(word) <= 2 and not text[start : before.start()].strip(" \t(")
        return not is_list_number
    return _word_ends(text, word, before.group(), end)


def _word_ends(text: str, word: str, original: str, end: int) -> bool:
    if word in _OPEN_ABBREVIATIONS:
        return False
    after = _WORD_AFTER.match(text, end)
    opens = after is None or (after.group(1)[0].isupper() and after.group(1).lower() in _OPENERS)
    if word in _NUMBER_ABBREVIATIONS:
        return re.compile(r"\s*[#\d]").match(text, end) is None
    if word in _CLOSE_ABBREVIATIONS:
        return opens
    is_initial = len(original) == 1 and original.isalpha() and original.isupper()
    return opens if is_initial or re.fullmatch(r"(?:[a-z]\.)+[a-z]", word) else True
