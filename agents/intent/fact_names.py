"""Who a name, a surname with a title, or a title means: the deal's contacts, else a stranger."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.domain import Contact, ContactId, Deal

# Masked persons are private-use characters, so that rules can speak of "a person".
FIRST_MASK = 0xE000
PERSON = "[\ue000-\uf8ff]"

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁"
    "魏薛叶阎余潘杜戴夏钟汪田任姜"
    "范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文施洪葛聂章鲁"
    "温樊齐莫庄颜柯申季覃倪严牛肖康邢涂岳兰翟殷尚祝鲍甘骆柴游辛祁耿冉苗谷翁牟霍裴欧"
)
_HONORIFIC = (
    r"(?:副?(?:总经理|总裁|总监|院长|校长|主任|部长|厂长|处长|局长|科长|行长|所长|书记|经理"
    r"|董事长|主席|店长|老师|教授|医生"
    r"|主管|主席|秘书长|站长|队长|组长)|董事长|副?总工?|总|董|院|校|工|局|处|科|博士|女士|先生"
    r"|老板|姐|哥)"
)
_TITLE_ZH = (
    r"(?:[^\W\d_a-zA-Z的了是由给在和跟与我你他这那新现原,。、;:]{0,6}?)(?:副总经理|总经理"
    r"|副总(?!裁|监)|副总裁|总裁|董事长|财务总监|总监|副院长"
    r"|院长|副校长|校长"
    r"|主任|部长|厂长|处长|局长|书记|秘书长|老板|一把手|大老板)"
)
_TITLE_EN = (
    r"(?:(?:new|incoming|interim|acting|group|regional|global|deputy|current|chief|managing"
    r"|senior|general|plant|"
    r"finance|financial|it|operations?|executive|medical|information|technology|purchasing"
    r"|procurement|supply chain|"
    r"commercial|technical|vice) )*"
    r"(?:ceo|cfo|cio|cto|coo|cmo|cpo|ciso|chro|cdo|md|vp(?: of \w+| \w+)?|evp|svp|president"
    r"|director(?: of (?:\w+ )?\w+)?|officer"
    r"|head of (?:\w+ )?\w+|manager|chair(?:man|woman)?|dean|principal|provost|superintendent"
    r"|owner|founder|partner)\b"
)
_ABBREVIATIONS = {
    "ceo": "chief executive",
    "cfo": "chief financial",
    "cio": "chief information officer",
    "cto": "chief technology",
    "coo": "chief operating",
    "cmo": "chief medical|chief marketing",
    "ciso": "information security",
    "cpo": "procurement|chief people",
    "chro": "chief human|chief people",
    "md": "managing director",
}
_NO_NAME = frozenset(
    "the we it this that our your my his her its their he she they you i and but so if when once"
    " as no yes ok okay please thanks "
    "thank dear hi hello best regards legal procurement finance purchasing it hr security board"
    " management committee "
    "everyone everybody nobody someone somebody who what which there here today tomorrow"
    " yesterday monday tuesday wednesday "
    "thursday friday saturday sunday january february march april may june july august september"
    " october november december "
    "q1 q2 q3 q4 poc rfp sow po nda soc mes erp crm sap contract budget decision final then now"
    " also just well honestly "
    "good great sure right let all both only not nothing after before until since from for in on"
    " at to with by under "
    "signature signing approval sign-off one two three sorry unfortunately between either"
    " neither any each some such "
    "quick short headquarters hq head office engineering operations it's that's i'm i'll we'll"
    " we're we've they're".split()
)
_NO_NAME_ZH = re.compile(
    r"高层|高管|高级|金额|方案|方面|任何|万一|常规|文件|于是|白天|石头|马上|何时|何况|江苏|温州"
    r"|余下|易用|施工|章程|严格|季度|莫非|文档|许多|程序|任务|龙头"
    r"|段落|钟头|常务|钱[^总]"
)
_SELF_ZH = re.compile(r"我(?![们司院厂校方这那就觉想们看]|公司|单位|还|们|会|只|先|怕)|本人")


@dataclass(frozen=True, slots=True)
class Masked:
    """Text with each person as one character; `persons` gives who, in order of the characters."""

    text: str
    persons: tuple[str, ...]

    def who(self, mask: str) -> str:
        return self.persons[ord(mask) - FIRST_MASK]


class People:
    """The deal's contacts and the words that call them."""

    def __init__(self, deal: Deal) -> None:
        self._deal = deal
        self._by_word: dict[str, set[ContactId]] = {}
        spelled: list[str] = []
        for contact in deal.contacts:
            spelled.append(contact.name)
            for word in _words_for(contact):
                spelled.append(word)
                self._by_word.setdefault(word.lower(), set()).add(contact.id)
        words = sorted(set(spelled), key=len, reverse=True)
        known = "|".join(_bounded(word) for word in words) or r"(?!)"
        surnames = "".join({c.name[0] for c in deal.contacts if _is_han(c.name)} | set(_SURNAMES))
        self._pattern = re.compile(
            rf"(?P<formal>\b(?:Mr|Ms|Mrs|Miss|Dr|Prof|Professor|Doctor|MR|MS"
            rf"|DR)\b\.? (?P<family>[^\W\d_][\w'-]+(?: [A-Z][\w'-]+)?))"
            rf"|(?P<known>{known})(?P<hon>{_HONORIFIC})?"
            rf"|(?P<polite>(?:(?<=老)|(?<=小))?[{surnames}](?:[\u4e00-\u9fff]{{1,2}}?)?{_HONORIFIC}"
            rf"(?![\u4e00-\u9fff]{{0,1}}(?:要求|支出)))"
            rf"|(?P<nick>(?<![\u4e00-\u9fff])[老小][{surnames}](?![\u4e00-\u9fff]*(?:板|时)))"
            rf"|(?P<bare>(?<=[由归是给找成为到等让换请总理监长任管裁席记])[{_SURNAMES}][\u4e00-\u"
            rf"9fff]{{1,2}}?(?=[来签拍说"
            rf"定负接决做批了,，。手那最全后]|$))"
            rf"|(?P<he>\b(?:[Hh]e|[Ss]he|him)\b|[他她](?!们))"
            rf"|(?P<his>\b(?:[Hh]is|[Hh]er)\b)"
            rf"|(?P<title>\b(?:[Tt]he|[Oo]ur|[Mm]y|[Aa]) (?i:{_TITLE_EN}))"
            rf"|(?P<zhtitle>{_TITLE_ZH}(?:[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}?(?=[来签拍说定负接"
            rf"决做批了,，。手"
            rf"那最全后]|$))?)"
            rf"|(?P<self>\b(?:I|me|myself)\b|{_SELF_ZH.pattern})"
            rf"|(?P<my>\b[Mm]y\b(?= (?:own |personal |final )?(?:call|decision|signature|say"
            rf"|approval|desk)))"
            rf"|(?P<mine>\bmine\b)"
            rf"|(?P<stranger>\b[A-Z][a-zà-ÿ-]+(?:'[A-Z][a-z]+)?(?: (?:van |de |von "
            rf"|O')?[A-Z][a-zà-ÿ-]+)*\b)",
        )

    def mask(self, text: str, *, before: str = "", speaker: ContactId | None = None) -> Masked:
        """The text with its persons masked; pronouns stand for the last person named."""
        last = self._last_named(before) if before else None
        persons: list[str] = []
        titles: set[str] = set()
        pieces: list[str] = []
        at = 0
        for match in self._pattern.finditer(text):
            who = self._who(match, last, speaker)
            if who is None or len(persons) > 200:
                continue
            if match.lastgroup not in ("self", "my", "mine", "he", "his"):
                last = who
            pieces += [text[at : match.start()], chr(FIRST_MASK + len(persons))]
            if match.lastgroup in ("title", "zhtitle"):
                titles.add(pieces[-1])
            if match.lastgroup in ("his", "my", "mine"):
                pieces.append("'s")
            persons.append(who)
            at = match.end()
        return _without_titles(Masked("".join(pieces) + text[at:], tuple(persons)), titles)

    def _last_named(self, text: str) -> str | None:
        last = None
        for match in self._pattern.finditer(text):
            if match.lastgroup not in ("self", "my", "mine", "he", "his"):
                last = self._who(match, last, None) or last
        return last

    def _who(self, match: re.Match[str], last: str | None, speaker: ContactId | None) -> str | None:
        kind, said = match.lastgroup, match.group()
        if match["known"]:
            return self._one(match["known"].lower())
        if match["formal"]:
            family = match["family"].removesuffix("'s")
            return self._one(family.split()[-1].lower()) or said.removesuffix("'s")
        if kind in ("he", "his"):
            return last
        if kind in ("self", "my", "mine"):
            return speaker
        if kind == "polite":
            return self._polite(said)
        if kind == "nick":
            return self._one(said[1]) or said
        if kind == "bare":
            return None if _NO_NAME_ZH.match(said) else said
        if kind in ("title", "zhtitle"):
            return self._titled(said)
        stranger = _stranger(said)
        return (self._one(stranger.split()[-1].lower()) or stranger) if stranger else None

    def _one(self, word: str) -> str | None:
        found = self._by_word.get(word, set())
        return next(iter(found)) if len(found) == 1 else None

    def _polite(self, said: str) -> str | None:
        """王总, 周副院长: the contact of that surname whose title fits, if only one does."""
        rep = self._deal.rep
        if _NO_NAME_ZH.match(said) or (rep and rep.name[:1] == said[0]):
            return None
        mine = [c for c in self._deal.contacts if _is_han(c.name) and c.name[0] == said[0]]
        if len(mine) == 1:
            return mine[0].id
        honorific = re.sub(r"^.[副]?", "", said)
        fitting = [c for c in mine if c.title and honorific and honorific[0] in c.title]
        if len(fitting) == 1:
            return fitting[0].id
        return None if mine else said

    def _titled(self, said: str) -> str | None:
        low = said.lower()
        is_new = re.search(r"\b(?:new|incoming|interim|acting)\b|新", low) is not None
        bare = re.sub(
            r"^(?:new|incoming|interim|acting|current|our|the) |^.*[的]",
            "",
            re.sub(r"^(?:the|our|my|a) ", "", low),
        )
        wanted = _ABBREVIATIONS.get(bare, re.escape(bare))
        fitting = [c for c in self._deal.contacts if c.title and re.search(wanted, c.title.lower())]
        exact = [c for c in fitting if c.title and c.title.lower() == bare]
        fitting = exact or fitting
        if len(fitting) == 1 and not is_new:
            return fitting[0].id
        return None if len(fitting) > 1 and not is_new else said


def _without_titles(masked: Masked, titles: set[str]) -> Masked:
    """ "Our CFO, Susan Clarke" and 财务总监陈立峰 are one person each: the named one."""

    def named(match: re.Match[str]) -> str:
        return match[1] if match.group()[0] in titles else match.group()

    return Masked(_TITLE_THEN_NAME.sub(named, masked.text), masked.persons)


_TITLE_THEN_NAME = re.compile(
    f"{PERSON}(?:, ?)?({PERSON})(?=[ ,.]|[\u4e00-\u9fff]|$)(?: ?,(?= (?:and )?not\\b))?"
)


def _words_for(contact: Contact) -> Iterator[str]:
    name = contact.name.strip()
    yield name
    if _is_han(name):
        if len(name) > 2:
            yield name[1:]
        yield name[0]
        return
    parts = [p for p in name.split() if len(p) > 2]
    yield from parts


def _bounded(word: str) -> str:
    if _is_han(word):
        # A lone surname calls nobody without an honorific: that is _polite's.
        return re.escape(word) if len(word) > 1 else r"(?!)"
    # "Will" is a name, "will" is none.
    return rf"\b(?:{re.escape(word)}|{re.escape(word.upper())})\b"


def _is_han(text: str) -> bool:
    return bool(text) and "\u3400" <= text[0] <= "\u9fff"


def _stranger(said: str) -> str | None:
    words = said.split()
    while words and words[0].lower() in _NO_NAME:
        words = words[1:]
    if not words or any(w.lower() in _NO_NAME for w in words):
        return None
    return " ".join(words)
