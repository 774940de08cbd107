"""Vendors in the running, or an incumbent to be replaced, by name.

Systems that the product must connect to, people, places and the deal's own names are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.intent.fact_sentence import BLANK, Sentence, Statement
from agents.intent.vendor_words import (
    ALSO_NAMED,
    BETWEEN_LISTED,
    CALLED_ZH,
    CAPITAL,
    CONNECTING,
    HINT,
    KNOWN_ZH,
    LISTED,
    LISTING,
    NAMED_BEFORE,
    NAMING,
    NO_VENDOR,
    NO_VENDOR_ZH,
    OUT,
    REPLACING,
    STEMS,
    STRONG_EN,
    STRONG_ZH,
    SUFFIX_AT_END,
    SYSTEMS,
    TRIM_ZH,
    USING_EN,
    USING_ZH,
    VENDOR_WORD,
    WEAK_EN,
)

# What a customer names who says that nobody else is in the running.
NOBODY = "nobody"
NO_OTHERS = re.compile(
    r"(?:没有?|没找|没看|无|不找|没约)(?:过)?(?:别|其他|其它|第二)(?:的)?(?:人|家|的)"
    r"|就(?:只有)?你们(?:一家|两家|三家)?(?=$"
    r"|[,。;!]|在|报|这)|只(?:有|找|看|约|跟)(?:了|过)?(?:你们|贵司)|除了(?:你"
    r"|贵)[^,。]{0,8}没|别(?:家|的)(?:都)?(?:没"
    r"|不)|没有?(?:竞争|对手|别人)|独(?:家|一份)|单一来源|没(?:人|谁)(?:跟|和)你们"
    r"|\b(?:nobody else|no one else|no-one else|noone else|not (?:talking|speaking"
    r"|looking) (?:to|at) (?:any\w+|others?)|only (?:ever )?(?:talk\w*|spoke\w*|speak\w*"
    r"|look\w*|got|have|asked|called) (?:to |with |at )?you|you're (?:the only|it|alone)"
    r"|you are the only|just you\b|sole[- ]source|no (?:other|competing|rival) (?:bid|bidder"
    r"|vendor|quote|offer|supplier|name)s?|no competition|no bid|(?:haven't|have not|didn't"
    r"|did not|aren't|not) (?:\w+ )?(?:invit|contact|approach|shopp|consider)\w* (?:any\w+"
    r"|others?|around)|none of the others)\b"
)
# Above an even chance: the pattern must agree as well.
MENTION_P = 0.6


def read(sentence: Sentence) -> Iterator[tuple[str, Statement]]:
    is_named = False
    for name in vendors_named(sentence):
        is_named = True
        yield "competitors", Statement(name, name)
    if not is_named and NO_OTHERS.search(sentence.said):
        yield "competitors", Statement(NOBODY)


def vendors_named(sentence: Sentence) -> Iterator[str]:
    """The rivals in a sentence, each once."""
    yield from (on_record := list(_recorded(sentence)))
    if not sentence.hints(STEMS, HINT) and not _is_about_rivals(sentence):
        return
    if not sentence.is_han and not _has_name(sentence.text):
        return
    said = sentence.said
    text = "".join(
        BLANK if s == BLANK else t
        for s, t in zip(
            said,
            sentence.text.replace("’", "'")
            .replace("，", ",")
            .replace("；", ";")
            .replace("：", ":"),
            strict=True,
        )
    )
    if CONNECTING.search(said):
        return
    seen = {name.lower() for name in on_record}
    for name in (*_english(text, sentence), *_chinese(text, sentence)):
        key = name.lower()
        if key not in seen and not _is_ours(name, sentence):
            seen.add(key)
            yield name


def _is_about_rivals(sentence: Sentence) -> bool:
    """Whether the recogniser saw a vendor mentioned; a name is still asked for."""
    return sentence.intents.get("competition.mention", 0.0) >= MENTION_P


def _has_name(text: str) -> bool:
    """Whether any word could be a vendor's name."""
    return any(w.lower() not in NO_VENDOR for w in CAPITAL.findall(text))


def _recorded(sentence: Sentence) -> Iterator[str]:
    """The rivals on record that the sentence names, with or without their company's suffix."""
    for name in sentence.deal.opportunity.competitors:
        if any(len(s) > 1 and s in sentence.low and s in sentence.said for s in _spoken(name)):
            yield name


def _spoken(name: str) -> tuple[str, ...]:
    """What people say for a name on record: 格瑞 of 格瑞空压, "Okabe" of "Okabe Machine"."""
    stem = _stem(name).lower()
    if re.fullmatch("[\u4e00-\u9fff]{4,}", stem):
        return stem, stem[:2], stem[:3], stem[-2:]
    first = stem.split()[0] if stem.split() else stem
    return (stem, first) if len(first) > 3 and first.isascii() else (stem,)


def _english(text: str, sentence: Sentence) -> Iterator[str]:
    for pattern in STRONG_EN:
        for match in pattern.finditer(text):
            yield from _vendor(match, text)
    if _is_about_rivals(sentence) or VENDOR_WORD.search(f"{sentence.before} {sentence.said}"):
        for pattern in WEAK_EN[: 2 if not NAMING.search(sentence.said) else 3]:
            for match in pattern.finditer(text):
                yield from _vendor(match, text, spare_systems=True)
    if REPLACING.search(sentence.said):
        for match in USING_EN.finditer(text):
            yield from _vendor(match, text, spare_systems=True)


def _vendor(match: re.Match[str], text: str, *, spare_systems: bool = False) -> Iterator[str]:
    if BLANK in match.group():
        return
    start = max(text.rfind(mark, 0, match.start()) for mark in ",;.") + 1
    end = min((at for mark in ",;" if (at := text.find(mark, match.end())) >= 0), default=len(text))
    if OUT.search(text[start:end].lower()):
        return
    words = match["name"].removesuffix("'s").split()
    while words and words[0].lower() in NO_VENDOR:
        words = words[1:]
    if (
        not words
        or any(w.lower() in NO_VENDOR for w in words)
        or not re.search("[A-Za-z]{2}", words[0])
    ):
        return
    name = " ".join(words).removesuffix("'s").rstrip(".")
    if SYSTEMS.match(name) and spare_systems:
        return
    yield name
    yield from _listed_beside(match, text)


def _listed_beside(match: re.Match[str], text: str) -> Iterator[str]:
    """The names joined to a vendor's by commas and "and"."""
    after = ALSO_NAMED.match(text, match.end("name"))
    before = NAMED_BEFORE.search(text[: match.start("name")])
    for names in (after, before):
        for other in re.split(r",| and | or ", names[0]) if names else ():
            if other.strip() and other.split()[0].lower() not in NO_VENDOR:
                yield other.strip()


def _chinese(text: str, sentence: Sentence) -> Iterator[str]:
    if not re.search("[\u4e00-\u9fff]", text):
        return
    for pattern in STRONG_ZH:
        for match in pattern.finditer(text):
            yield from _vendor_zh(match, text)
    for match in CALLED_ZH.finditer(text):
        yield from _vendor_zh(match, text, is_named=True)
    if LISTING.search(text):
        yield from _listed_zh(text)
    around = sentence.said + sentence.before
    if REPLACING.search(around):
        for match in USING_ZH.finditer(text):
            if not SYSTEMS.match(match["name"]):
                yield from _vendor_zh(match, text)


def _listed_zh(text: str) -> Iterator[str]:
    """The vendors of a list that names bidders or stands beside "you"."""
    for part in BETWEEN_LISTED.split(text):
        listed = LISTED.fullmatch(part.strip())
        if listed:
            yield from _vendor_zh(listed, part.strip())


def _vendor_zh(match: re.Match[str], text: str, *, is_named: bool = False) -> Iterator[str]:
    if BLANK in match.group():
        return
    start = max(text.rfind(mark, 0, match.start()) for mark in ",;。") + 1
    end = min(
        (at for mark in ",;。" if (at := text.find(mark, match.end())) >= 0), default=len(text)
    )
    if OUT.search(text[start:end]):
        return
    name = match["name"].strip()
    for _ in range(2):
        name = TRIM_ZH.sub("", name)
    if len(name) < 2 or NO_VENDOR_ZH.search(_stem(name) or name) or name.lower() in NO_VENDOR:
        return
    if not is_named and re.fullmatch("[\u4e00-\u9fff]+", name) and not _looks_proper(name):
        return
    yield name


def _stem(name: str) -> str:
    """The name without a company's suffix: 蓝湾 of 蓝湾智能."""
    return SUFFIX_AT_END.sub("", name)


def _looks_proper(name: str) -> bool:
    """A name with a company's suffix, or one that the dictionary has as a name or not at all."""
    if len(_stem(name)) >= 2 and _stem(name) != name:
        return True
    import rjieba  # its dictionary takes a tenth of a second; few sentences come this far

    if KNOWN_ZH.match(name):
        return True
    words = rjieba.tag(name)
    if any(tag[0] in _NO_NOUN and rjieba.has_word(word) for word, tag in words):
        return False
    if any(tag in ("nz", "nt", "nrt") for _, tag in words):
        return True
    return all(len(word) == 1 for word, _ in words) or any(
        len(word) > 1 and not rjieba.has_word(word) for word, _ in words
    )


# What jieba guesses of a word that it lacks is not asked: new names are new words.
# Verbs, adverbs, adjectives, pronouns, numbers, times and particles in jieba's tags.
_NO_NOUN = frozenset("vdarcpumtqfyz")


def _is_ours(name: str, sentence: Sentence) -> bool:
    deal = sentence.deal
    ours = [
        deal.account.name,
        deal.opportunity.name,
        *deal.products,
        *(c.name for c in deal.contacts),
    ]
    ours += [c.title for c in deal.contacts if c.title]
    if deal.rep:
        ours += [deal.rep.name, *((deal.rep.email or "").split("@")[1:])]
    if deal.account.region:
        ours.append(deal.account.region)
    low = name.lower()
    words = low.split()
    return any(
        low in one.lower() or (len(words[0]) > 3 and words[0] in one.lower().split())
        for one in ours
    )


# A capital opens any sentence: there a name shows by the verb behind it.
_NAME_EN = re.compile(
    r"(?<![\w@./'-])(?P<name>[A-Z][\w&+]*[A-Za-z0-9](?: (?:[A-Z][\w&+]*[A-Za-z0-9]|&))*)"
)
# SKUs, PDF, Oct: no company's.
_ABBREVIATED = re.compile(
    r"[A-Z]{2,}s?|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
)
_OPENS = re.compile(r"(?:^|[.!?:;\"“(])\s*$")
_ACTS = re.compile(
    r"(?:'s|'re)?(?:,| (?:and|is|are|was|were|has|have|had|will|can|could|did|does|also|just|\w+ed"
    r"|came?|comes|sent|says?|said|got|put|gave|ran|bid|quotes?|offers?|wants?))\b"
)
# "Paid eighty in Oldham", "a Dutch firm": where, not who.
_PLACED = re.compile(
    r"\b(?:in|at|near|to|called|mr|ms|mrs|dr|an?|every|last|this|next|since|by|on|until|of)\.? $"
    r"|\d(?:st|nd|rd|th)? (?:of )?$",
    re.IGNORECASE,
)
_HAN_NAME = re.compile("(?P<name>[\u4e00-\u9fff]{2,5})")


# jieba's tags of a new word that may be a name; of common nouns it guesses others.
_NAME_TAGS = ("nr", "nz", "nt", "nrt")
_COMPANY = re.compile(r"(?:科技|软件|医疗|机械|智能|水务|仪器|设备|电气|自动化|集团)")


def speaks_of_rivals(sentence: Sentence, around: str) -> bool:
    """Whether a sentence, or the one before it in `around`, names a rival on record."""
    return any(
        len(spoken) > 1 and spoken in around
        for name in sentence.deal.opportunity.competitors
        for spoken in _spoken(name)
    )


def names_beside(sentence: Sentence, *, is_told: bool) -> Iterator[str]:
    """What looks like a company's name, each once; `is_told`: the talk is of vendors.

    Elsewhere only a new Chinese word with a company's ending is one.
    """
    if not is_told and not (sentence.is_han and _COMPANY.search(sentence.said)):
        return
    if CONNECTING.search(sentence.said):
        return
    text = "".join(
        BLANK if s == BLANK else t for s, t in zip(sentence.said, fold_case(sentence), strict=True)
    )
    seen: set[str] = set()
    on_record = [s for name in sentence.deal.opportunity.competitors for s in _spoken(name)]
    english = _names_en(text) if is_told else ()
    for name in (*english, *_names_zh(text, sentence, is_told=is_told)):
        low = name.lower()
        is_known = low in seen or any(len(s) > 1 and s in low for s in on_record)
        if not is_known and not SYSTEMS.match(name) and not _is_ours(name, sentence):
            seen.add(name.lower())
            yield name


def fold_case(sentence: Sentence) -> str:
    """The sentence with plain punctuation and its capitals."""
    return sentence.text.replace("’", "'").replace("，", ",").replace("；", ";")


def _names_en(text: str) -> Iterator[str]:
    for match in _NAME_EN.finditer(text):
        is_opening = _OPENS.search(text[: match.start()]) is not None
        if is_opening and not _ACTS.match(text[match.end() :]):
            continue
        if _PLACED.search(text[: match.start()]):
            continue
        if len(match["name"]) > 2 and not _ABBREVIATED.fullmatch(match["name"]):
            yield from _vendor(match, text)


def _names_zh(text: str, sentence: Sentence, *, is_told: bool) -> Iterator[str]:
    """Nouns that the dictionary lacks, or has as a company's; persons are none."""
    if not sentence.is_han:
        return
    import rjieba

    masked = sentence.people.mask(text).text
    at = 0
    for word, tag in rjieba.tag(masked):
        at = masked.find(word, at)
        match = _HAN_NAME.fullmatch(masked, at, at + len(word))
        at += len(word)
        is_new = tag in _NAME_TAGS and not rjieba.has_word(word)
        is_company = not rjieba.has_word(word) and _COMPANY.match(masked[at:])
        if match and (is_company or (is_told and (is_new or KNOWN_ZH.match(word)))):
            yield from _vendor_zh(match, masked, is_named=True)


def same_vendor(one: str, other: str) -> bool:
    """Whether two spellings name one vendor: 衡川 and 衡川软件, "Vantrex" and "Vantrex Ltd"."""
    a, b = (re.sub(r"[\s.,'-]", "", name).lower() for name in (one, other))
    return bool(a and b) and (a in b or b in a or (len(a) > 3 and a[:4] == b[:4]))
