"""Names that a claim brings along: people, companies and products must come from its evidence."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from core.text.language import language_of
from retrieval.frame_words import (
    FRAME_EN,
    ORDINARY_CAPITALS,
    REPORTING_EN,
    SPEECH_ACTS_EN,
    TITLED_NAME,
)
from retrieval.speakers import is_same_person
from retrieval.statements import Statement
from retrieval.wording import OwnWords

_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[.&+'’/-][A-Za-z0-9]+)*")
_SENTENCE_START = re.compile(r"(?:^\s*|[.!?;。\ue000\ue001]\s*)$")
_POSSESSIVE = re.compile(r"['’]s?$")
_ORDINARY = FRAME_EN | ORDINARY_CAPITALS | frozenset(REPORTING_EN) | frozenset(SPEECH_ACTS_EN)


def name_reasons(
    own: OwnWords,
    bare: str,
    statements: Sequence[Statement],
    names: Collection[str],
    *,
    is_crossing: bool = False,
) -> Iterator[str]:
    """A "name:<name>" for each known or evident name that neither words nor speakers have.

    `bare` is the claim without speakers, known names and figures (ISO 27001 is no company).
    `is_crossing`: all evidence is in the other language.
    """
    speakers = [s.evidence.speaker for s in statements if s.evidence.speaker]
    words = " \n ".join([*(s.low for s in statements), *(s.lower() for s in speakers)])
    missing = [n for n in names if _mentions(own.text.lower(), n) and not _mentions(words, n)]
    missing = [n for n in missing if not any(is_same_person(n, speaker) for speaker in speakers)]
    for name in missing:
        yield f"name:{name}"
    for match in TITLED_NAME.finditer(own.text):
        by_title = any(speaker.startswith(match["surname"]) for speaker in speakers)
        if not (by_title or match.group() in words or _is_in_known(match, names, words)):
            yield f"name:{match.group()}"
    if not (is_crossing and language_of(bare) == "en") or _lacks_latin(bare, statements):
        yield from _latin_reasons(bare, words)


def _lacks_latin(own: str, statements: Sequence[Statement]) -> bool:
    """Whether Chinese evidence has a Latin name that the English claim leaves out.

    Chinese names come out in Latin letters in English, so a new one proves nothing by itself.
    """
    claimed = {w.lower() for w in _LATIN.findall(own)}
    said = {w for s in statements for w in _LATIN.findall(s.text) if w[0].isupper()}
    return any(len(w) > 1 and w.lower() not in claimed | _ORDINARY for w in said)


def n_borne_names(own: OwnWords, statements: Sequence[Statement], names: Collection[str]) -> int:
    """How many known names the claim shares with what the statements say."""
    low = own.text.lower()
    return sum(
        _mentions(low, name) and any(_mentions(one.low, name) for one in statements)
        for name in names
    )


def without_speakers(text: str, statements: Sequence[Statement], names: Collection[str]) -> str:
    """The text without speakers and known names: the digits of "Speaker 2" count nothing."""
    speakers = [s.evidence.speaker for s in statements if s.evidence.speaker]
    for name in sorted({*names, *speakers}, key=len, reverse=True):
        if len(name) > 1 and name.lower() in text.lower():
            text = re.sub(_bounded(name), " ", text, flags=re.IGNORECASE)
    return text


def _is_in_known(match: re.Match[str], names: Collection[str], words: str) -> bool:
    """Whether a titled name means a known person whom the evidence names in full."""
    return any(n.startswith(match["surname"]) and n.lower() in words for n in names)


def _mentions(low: str, name: str) -> bool:
    if len(name) < 2:
        return False
    return re.search(_bounded(name.lower()), low) is not None


def _bounded(name: str) -> str:
    before = r"(?<![a-zA-Z0-9])" if name[0].isascii() and name[0].isalnum() else ""
    after = r"(?![a-zA-Z0-9])" if name[-1].isascii() and name[-1].isalnum() else ""
    return before + re.escape(name) + after


def _latin_reasons(own: str, words: str) -> Iterator[str]:
    """Latin tokens of a Chinese claim, and capitalised ones of an English claim."""
    is_chinese = language_of(own) == "zh"
    known = {w.lower() for w in _LATIN.findall(words)}
    tokens = [(m.start(), _POSSESSIVE.sub("", m.group())) for m in _LATIN.finditer(own)]
    is_new = [
        len(word) > 1 and not {word.lower()} & (known | _ORDINARY) and word.lower() not in words
        for _, word in tokens
    ]
    for number, (start, word) in enumerate(tokens):
        leads_name = any(is_new[number + 1 : number + 2]) and tokens[number + 1][1][0].isupper()
        if is_new[number] and (is_chinese or _is_name(own, start, word, leads_name=leads_name)):
            yield f"name:{word}"


def _is_name(own: str, start: int, word: str, *, leads_name: bool) -> bool:
    """Whether a token of an English sentence is written as a name."""
    if any(c.isupper() for c in word[1:]):
        return True
    if not word[0].isupper():
        return False
    # "Acme Corp offers …" opens with a name, "Ask Priya …" with a verb before a known one.
    return leads_name or not _SENTENCE_START.search(own, 0, start)
