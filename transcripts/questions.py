"""Whether an utterance asks something, by its form, in Chinese and English.

A question mark decides where the transcript has one. Recognisers often leave it out, so the forms
that only questions have count too: Chinese sentence-final particles and A-not-A verbs, English
inversion at the start of a sentence. Chinese question words alone do not count: "什么" and "多少"
also stand in statements ("不知道多少钱"), as English ones do without inversion ("what we need").
"""

from __future__ import annotations

import re

from core.text.sentences import sentences

_TAGS = re.compile(r"<[^<>]*>")
_MARK = re.compile(r"[?？]")
# Addresses carry question marks that ask nothing.
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)

# Final 吗 asks; 呢 asks too, except after 还 or 正 ("还早呢"). 吧 mostly proposes: left out.
_FINAL_PARTICLE = re.compile(r"吗[\s。.!！~～…]*$|^(?!.*[还正才可]).*呢[\s。.!！~～…]*$")
# 是否 and 能否 are left out: in speech they mostly stand inside statements.
_A_NOT_A = re.compile(
    r"是不是|能不能|有没有|会不会|可不可以|可以不可以|要不要|行不行|好不好|对不对|想不想|愿不愿意"
    r"|需不需要|知不知道"
)
# "看能不能", "取决于是不是", "不管有没有" report or depend on a question and ask none.
_EMBEDDED = re.compile(
    r"(?:看看?|不知道|不清楚|不确定|取决于|不管|无论|不论|确认一?下?|了解一?下?|评估一?下?|讨论一?下?"
    r"|考虑一?下?|决定|关于|至于|判断|检查一?下?)[^,，。]{0,8}$"
)
_OPENING = (
    r"^\W*(?:(?:and|so|but|well|ok|okay|now|then|also|yeah|yes|no|um|uh|right|sorry|just|because)"
    r"\W+)*"
)
_PERSON = r"(?:you|we|they|i|he|she|it)"
_THING = r"(?:there|this|that|these|those|the|your|our|their|my|any|anyone|anybody|everyone|all)"
_BE = r"(?:is|are|was|were|isn't|aren't|wasn't|weren't)"
_DO = r"(?:do|does|did|don't|doesn't|didn't|have|has|had|haven't|hasn't|may|am|shall)"
_MODAL = r"(?:can|could|will|would|should|can't|couldn't|won't|wouldn't|shouldn't)"
_INVERTED = re.compile(
    rf"{_OPENING}(?:{_DO} {_PERSON}|(?:{_BE}|{_MODAL}) (?:{_PERSON}|{_THING}))\b", re.IGNORECASE
)
_WH = re.compile(
    rf"{_OPENING}(?:what|when|where|who|whom|why|which|how)(?: (?!{_PERSON}\b|that\b)\w+){{0,2}}?"
    rf"(?:'s|'re| {_BE}| {_DO} (?:{_PERSON}|{_THING})| {_MODAL} (?:{_PERSON}|{_THING}))\b"
    r"|^\W*(?:how|what) about\b|^\W*why (?:don't|not)\b",
    re.IGNORECASE,
)


def asks(text: str) -> bool:
    """True when any sentence of `text` is a question by its mark or its form."""
    plain = _ADDRESS.sub("", _TAGS.sub("", text)).replace("’", "'")
    if _MARK.search(plain):
        return True
    return any(_asks_by_form(plain[start:end]) for start, end in sentences(plain))


def _asks_by_form(sentence: str) -> bool:
    if _FINAL_PARTICLE.search(sentence) or _INVERTED.match(sentence) or _WH.match(sentence):
        return True
    return any(
        not _EMBEDDED.search(sentence[: found.start()]) for found in _A_NOT_A.finditer(sentence)
    )
