"""True claims as strangers write them: the sentence in another dress, its content untouched.

Each form is a function (sentence said, its text) → claim, or None where it does not fit. The text
may already be a changed one: a perturbed claim wears the same dresses as a true one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from evals.verify_material import Said, draw

_HAN = "零一二三四五六七八九"
_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen"
).split()
_TENS = "_ _ twenty thirty forty fifty sixty seventy eighty ninety".split()


def in_han(number: int) -> str:
    """48 → 四十八, 480000 → 四十八万."""
    if number >= 10**8:
        head, rest = divmod(number, 10**8)
        return in_han(head) + "亿" + (_rest(rest, 10**7) if rest else "")
    if number >= 10**4:
        head, rest = divmod(number, 10**4)
        return in_han(head) + "万" + (_rest(rest, 10**3) if rest else "")
    for unit, name in ((1000, "千"), (100, "百"), (10, "十")):
        if number >= unit:
            head, rest = divmod(number, unit)
            lead = "" if unit == 10 and head == 1 and number < 20 else _HAN[head]
            return lead + name + (_rest(rest, unit // 10) if rest else "")
    return _HAN[number]


def _rest(rest: int, full: int) -> str:
    text = in_han(rest)
    if rest < full:
        return "零" + ("一" + text if text.startswith("十") else text)
    return "一" + text if text.startswith("十") else text


def in_english(number: int) -> str:
    """48 → forty-eight, 480000 → four hundred and eighty thousand."""
    if number < 20:
        return _ONES[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return _TENS[tens] + (f"-{_ONES[ones]}" if ones else "")
    for unit, name in ((10**6, "million"), (1000, "thousand"), (100, "hundred")):
        if number >= unit:
            head, rest = divmod(number, unit)
            tail = f"{' and' if rest < 100 else ''} {in_english(rest)}" if rest else ""
            return f"{in_english(head)} {name}{tail}"
    raise ValueError(number)


_PERCENT = re.compile(r"(?<![\d.,-])(\d{1,2})\s?%")
_COUNT_ZH = re.compile(r"(?<![\d.,:/年月A-Za-z-])(\d{1,3})(?=[个位名家条块元人天次](?![\d-]))")
_LARGE_ZH = re.compile(r"(?<![\d.,A-Za-z-])(\d{1,4})\s?(万|亿)(?=[^\d多余分])")
_COUNT_EN = re.compile(
    r"(?<![\d.,:/$#-])(?<!page )([2-9]|[1-9]\d)"
    r"(?= (?:days|weeks|months|years|people|hours|miles|food|water|packages|dollars|percent)\b)"
)
_LARGE_EN = re.compile(r"(?<=\$)(\d{1,3})\s(million|billion)\b")


def rewrite_number(said: Said, text: str) -> str | None:
    """48万 as 480,000 or 四十八万, 5% as five percent, 12 days as twelve days."""
    if said.language == "zh":
        if match := _PERCENT.search(text):
            return _put(text, match, "百分之" + in_han(int(match[1])))
        if match := _LARGE_ZH.search(text):
            scale = 10**4 if match[2] == "万" else 10**8
            plain = int(match[1]) * scale
            return _put(text, match, (f"{plain:,}", in_han(plain))[draw("form", text) % 2])
        match = _COUNT_ZH.search(text)
        return _put(text, match, in_han(int(match[1]))) if match else None
    if match := _PERCENT.search(text):
        return _put(text, match, f"{in_english(int(match[1]))} percent")
    if match := _LARGE_EN.search(text):
        return _put(text, match, f"{match[1]},000,000" + (",000" if match[2] == "billion" else ""))
    match = _COUNT_EN.search(text)
    return _put(text, match, in_english(int(match[1]))) if match else None


def _put(text: str, match: re.Match[str], words: str) -> str:
    return text[: match.start()] + words + text[match.end() :]


_RELATIVE_ZH = {"今天": 0, "明天": 1, "后天": 2, "昨天": -1, "前天": -2}
_RELATIVE_EN = {"today": 0, "tomorrow": 1, "yesterday": -1}
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_MONTH_NAMES = (
    "January February March April May June July August September October November December".split()
)


def resolve_date(said: Said, text: str) -> str | None:
    """明天 or tomorrow as the calendar day it was; November 3 as Nov 3."""
    if said.language == "zh":
        if match := re.search("|".join(_RELATIVE_ZH), text):
            day = said.day + timedelta(days=_RELATIVE_ZH[match.group()])
            return _put(text, match, f"{day.year}年{day.month}月{day.day}日")
        match = re.search(r"(20\d\d)年(\d{1,2})月(\d{1,2})日", text)
        if not match:
            return None
        return _put(text, match, f"{match[1]}-{int(match[2]):02d}-{int(match[3]):02d}")
    if match := re.search(rf"\b(?:{'|'.join(_RELATIVE_EN)})\b(?!')", text):
        day = said.day + timedelta(days=_RELATIVE_EN[match.group()])
        return _put(text, match, f"on {_MONTHS[day.month - 1]} {day.day}, {day.year}")
    match = re.search(rf"\b({'|'.join(_MONTH_NAMES)}) (\d{{1,2}})\b(?!\d|,? \d{{4}})", text)
    if not match:
        return None
    return _put(text, match, f"{_MONTHS[_MONTH_NAMES.index(match[1])]} {match[2]}")


_CONTRACTIONS = (
    ("can't", "cannot"), ("won't", "will not"), ("n't", " not"), ("I'm", "I am"),
    ("we're", "we are"), ("it's", "it is"), ("I'll", "I will"), ("we've", "we have"),
    ("do not", "don't"), ("does not", "doesn't"), ("cannot", "can't"), ("will not", "won't"),
)  # fmt: skip


def respell(said: Said, text: str) -> str | None:
    """Full width, other punctuation, another case, contractions undone."""
    kind = draw("spell", text) % 3
    if said.language == "zh":
        if kind == 0:
            return text.translate({c: c + 0xFEE0 for c in [*range(48, 58), *range(65, 123)]})
        if kind == 1:
            return text.replace("，", ",").replace("。", "")
        return re.sub(r"(?<=[\u4e00-\u9fff])(?=[A-Za-z0-9])", " ", text).rstrip("。")
    for short, long in _CONTRACTIONS:
        if short in text:
            return text.replace(short, long)
    return (text.lower(), text.upper(), text.rstrip(".!?"))[kind]


def keep_clause(said: Said, text: str) -> str | None:
    """The longest clause, where the sentence has several and none of them hangs on another."""
    if re.search(r"如果|要是|除非|\bif\b|\bIf\b|\bunless\b|[\"“”()]|？|\?", text):
        return None
    split = r"[，；]" if said.language == "zh" else r"(?<=[a-z]), (?=[a-z])|; "
    pieces = [piece.strip(" ，。.") for piece in re.split(split, text)]
    longest = max(pieces, key=len)
    least = 8 if said.language == "zh" else 25
    return longest if len(pieces) > 1 and len(longest) >= least else None


_FRAMES_ZH = (
    "{who}表示{text}", "{who}说，{text}", "{who}说：“{text}”", "据{who}介绍，{text}",
    "{who}提到{text}", "{who}在{day}说：“{text}”", "{who}于{day}表示，{text}", "{who}指出，{text}",
    "根据{who}的说法，{text}", "{who}明确说了，{text}",
)  # fmt: skip
_FRAMES_EN = (
    "{who} said that {text}", "{who} said: “{text}”", "According to {who}, {text}",
    "{who} mentioned that {text}", "On {day}, {who} said that {text}", "{who} stated: \"{text}\"",
    "{who} told us that {text}", "As {who} put it, {text}", "{who} wrote on {day}: “{text}”",
    "{who} pointed out that {text}",
)  # fmt: skip
_SIDES = {
    "zh": {"customer": ("客户", "客户方", "对方"), "rep": ("销售", "我方", "销售人员")},
    "en": {
        "customer": ("The customer", "The client", "The buyer"),
        "rep": ("The rep", "Our sales rep", "The salesperson"),
    },
}


def report_as(said: Said, text: str, who: str, salt: str = "") -> str:
    """Reported speech with this speaker or side."""
    frames = _FRAMES_ZH if said.language == "zh" else _FRAMES_EN
    frame = frames[draw("frame", text, salt) % len(frames)]
    day = said.day.isoformat()
    if said.language == "en" and draw("day", text) % 2:
        day = f"{_MONTH_NAMES[said.day.month - 1]} {said.day.day}, {said.day.year}"
    if said.language == "zh" and draw("day", text) % 2:
        day = f"{said.day.year}年{said.day.month}月{said.day.day}日"
    words = text.rstrip("。.")
    if "“{text}”" not in frame and said.language == "en" and not re.match(r"I\b|[A-Z]+\b", words):
        words = words[0].lower() + words[1:] if words.split()[0] in _COMMON else words
    if "“" in frame or '"' in frame:
        words = words.replace("“", "").replace("”", "").replace('"', "")
        words = text if words == text.rstrip("。.") else words
    if "{who}" in frame and not frame.startswith("{who}"):
        who = who[0].lower() + who[1:] if who.startswith(("The ", "Our ")) else who
    end = "" if "“" in frame or '"' in frame else "。" if said.language == "zh" else "."
    return frame.format(who=who, text=words, day=day) + end


_COMMON = frozenset(
    "The This That There It We They You He She A An In On If For And But So Our Your My".split()
)


def report_side(said: Said, text: str) -> str | None:
    sides = _SIDES[said.language][said.role]
    return report_as(said, text, sides[draw("side", text) % len(sides)])


def report_speaker(said: Said, text: str) -> str | None:
    return report_as(said, text, said.speaker)


_PRONOUNS = (
    (r"\bI am\b|\bI'm\b", "he is"), (r"\bI have\b|\bI've\b", "he has"), (r"\bI\b", "he"),
    (r"\bmy\b", "his"), (r"\bwe are\b|\bwe're\b", "they are"), (r"\bwe\b|\bWe\b", "they"),
    (r"\bour\b|\bOur\b", "their"), (r"\bme\b", "him"), (r"\bus\b", "them"),
)  # fmt: skip


def report_indirectly(said: Said, text: str) -> str | None:
    """The customer said that he …: pronouns of the first person in the third."""
    if said.language == "zh":
        if "我" not in text or re.search(r"[?？吗]|我国", text):
            return None
        return f"{said.speaker}说{text.replace('我们', '他们').replace('我', '他')}"
    if not re.search(r"\b(?:I|we|We|my|our)\b", text) or "?" in text:
        return None
    for pattern, other in _PRONOUNS:
        text = re.sub(pattern, other, text)
    return f"{said.speaker} said that {text[0].lower()}{text[1:]}"


def verbatim(_said: Said, text: str) -> str | None:
    return text


Form = Callable[[Said, str], str | None]
FORMS: dict[str, Form] = {
    "verbatim": verbatim,
    "clause": keep_clause,
    "side": report_side,
    "speaker": report_speaker,
    "indirect": report_indirectly,
    "number_form": rewrite_number,
    "date_form": resolve_date,
    "spelling": respell,
}
# What a changed sentence may wear; forms that rewrite figures could undo the change.
DRESSES: tuple[Form, ...] = (verbatim, report_side, report_speaker, verbatim, respell)


def other_side(said: Said, text: str) -> str:
    """The other side is made to say it."""
    other = "rep" if said.role == "customer" else "customer"
    sides = _SIDES[said.language][other]
    return report_as(said, text, sides[draw("side", text) % len(sides)])
