"""When the purchase is decided, and when the trial runs.

Each date in a sentence belongs to the nearest word that says what happens then: signing, the trial,
going live, a meeting. A date nearest to another event is none of ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.intent.fact_said import Said, clause_of, said_days, span
from agents.intent.fact_sentence import BLANK, Sentence, Statement
from agents.intent.fact_trial import TRIAL, moved_window, window

# What a comma between a date and its event costs, in characters of distance.
_CLAUSE_COST = 14
# Farther than this no word explains a date.
_FARTHEST = 80
# A thing named beside a date says less than a verb: 合同 … 届满, "the purchase … effective Monday".
_NOUN_COST = 12
_NOUNS = frozenset(
    {"合同", "采购订单", "contract", "purchase", "order", "paperwork", "close", "po", "signing"}
)
# What a trial does on its first day, and what a purchase does long after.
_ARRIVES = frozenset({"进场", "入场", "启用", "装", "安装", "进厂", "到货", "install", "installed"})
_REASON_COST = 30
_CLOSING = re.compile(
    r"签(?:约|合同|署|订|字|下来|完|掉|了|单)?(?!证|到|收|过保密)|合同(?!到期|期|草案|模板|版)"
    r"|定标|决标|中标|(?:做|作|出)?决定(?![,，])"
    r"|拍板|下(?:单|订单|采购单|po)|采购订单|成交"
    r"|敲定|选定|(?<![确约预固商锁制规指一])定(?=下来|供应商|哪家|标|了|完|掉|方案|$|[,。;])"
    r"|有(?:个)?(?:结果|结论|定论)|走完(?:流程|审批"
    r"|采购)|采购(?:完成|落地)"
    r"|\b(?:sign(?:ing|ed|ature|atures|s)?(?! (?:up|in (?:to|with)|off on the (?:test|pilot"
    r"|security)))|contract(?:ed|ing)?(?! (?:ends|expires|ended|runs))|clos(?:e|ing)(?: the deal"
    r"| this| it)?"
    r"|purchase orders?|po|place (?:the|an|our) order|order(?! (?:management|entry|data"
    r"|picking))|decid(?:e|es|ed|ing)|decisions?|choos(?:e|ing)|pick(?:ing)? (?:a|the"
    r"|our) (?:vendor|supplier|partner|winner)"
    r"|select(?:ing|ion)?|award(?:ed|ing)?|commit|buy|purchase|ink|finali[sz]e (?:the|this|it"
    r"|our)|make (?:the|our|a) (?:call|choice)|wrap (?:this|it) up|get (?:this|it) done"
    r"|deal done|paperwork)\b"
)
OTHER_EVENT = re.compile(
    r"上线|进场|入场|装(?!订)|开工|启用|实施|公告|开标|交付|发货|到货|安装|验收|部署|切换|割接"
    r"|投产|装机|进厂|会(?!签|提|有|在|是|议室)|开会|例会|会议"
    r"|评审|演示|培训|考察|参观|拜访|放假|退休|届满|期满|有效期|回来|出差|休假|到期|截止(?!签)"
    r"|停服|审计|大促|开学"
    r"|开业|搬迁"
    r"|报告|交(?:标书|方案|报价)|递交|审批|审核|进入|反馈|答复|发(?!现|展|生)|见面?|聊|碰(?:头"
    r"|一下)|约|付款|尾款|发票|复盘|汇报|上会|批(?!准签)"
    r"|预算|冻结|盘点|升级|年检"
    r"|\b(?:go(?:es|ing)?[- ]live|live(?! data| system| env)|launch\w*|roll(?:ing)?[- ]?out"
    r"|install\w*|deliver\w*|ship\w*|kick[- ]?off|meet\w*|calls?|visit\w*|workshop|walkthrough"
    r"|training|holidays?|vacation|leave|review\w*|board|committee|demo\w*|send|sent|report\w*"
    r"|present\w*|budget\w*|fiscal|freeze|frozen|expir\w*|renew\w*|ends? of life|support\w*"
    r"|invoice\w*|pay\w*|audit\w*|start(?:s|ed|ing)? using|production|cut-?over|migrat\w*"
    r"|open(?:s|ing)?|out of office|travel\w*|deadline for|submit\w*|approv\w*|reply|answer|hear"
    r"|talk|speak|see you|catch up|(?:is|be|am|are|i'm|he's|she's|'ll be) (?:back|away|off|out)"
    r"|returns?|retir\w*|effective)\b"
)
_CUE = re.compile(f"(?:{_CLOSING.pattern})|(?:{TRIAL.pattern})")
_TIME_STEMS = frozenset(
    "jan feb mar apr may jun jul aug sep sept oct nov dec janu febr marc apri june july augu"
    " octo nove dece mond tues wedn thur frid satu"
    " sund week mont quar year tomo toda tonigh chri xmas east than holi day days fort spri luna"
    " cny first seco thir four fift sixt"
    " seve eigh nint tent elev twel twen summ autu fall wint end eoy eoq fy fisc".split()
)
_DIGIT = re.compile(r"\d")
_TIME_HAN = re.compile(r"[\d年月周日天号]|季度|星期|礼拜|春节|元旦|国庆|节前|节后")
_SINCE = re.compile(r"\bsince\b|自从?")
# "From the fourth to the twenty-second." has no subject of its own.
ELLIPTIC_DATE = re.compile(
    r"\s*(?:so|and|ok(?:ay)?|yes|no|well|then|that'?s|right|sure|actually|honestly|probably"
    r"|hopefully|ideally|[,.\s])*\s*(?:from|on|by|in|not|until|till|after|before|between"
    r"|let'?s|please|new|the new|it|that|(?:they|we|i)(?:'ll| can| could| will| would| have to"
    r"| need to| must| want to| plan to| aim to)* (?:only )?(?:start|begin|run|finish|do it|sign"
    r"|decide|make|close)|make|say|how about|around|about|early|mid|late|end|sometime|some time"
    r"|first|second|third|q[1-4]|\d|the \w*(?:st|nd|rd|th)\b|the (?:first|second|end|week)"
    r"|next|this|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|two|three"
    r"|four|six|dates?|start)"
    r"|[嗯哦好行对是啊呃,\s]*(?:从|改|就|那就|那|大概|可能|应该|最[快晚早迟]|预计|要|得|下|明|今"
    r"|本|[一二三四五六七八九十\d]|年|月|春节|元旦|争取|不"
    r"|怎么|大约|估计|差不多|时间|日期|新|先|推|定在|安排|你们|我们|它)"
)
_TIMED = re.compile(
    r"\d|[月号周年]|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|week|month|quarter|year"
    r"|christmas|easter|first|second|third|fourth|\w+th\b|mon|tue|wed|thu|fri)"
)
_KINDS = (("close", _CLOSING), ("trial", TRIAL), ("other", OTHER_EVENT))


def read(sentence: Sentence) -> Iterator[tuple[str, Statement]]:
    if not sentence.hints(_TIME_STEMS, _TIME_HAN) and not _DIGIT.search(sentence.low):
        return
    context = bool(_CUE.search(sentence.said))
    carried = _carried(sentence) if not context else None
    if not context and carried is None:
        return
    trial: list[Said] = []
    for said in said_days(sentence):
        if _SINCE.search(sentence.said[max(0, said.start - 8) : said.end]) and _is_future(
            said, sentence
        ):
            continue
        kind = _event(said, sentence, carried)
        if kind == "trial" and _WRAPPED.search(sentence.said[: said.start]):
            continue
        if kind == "close":
            value = _closing(said, sentence)
            if value:
                yield "expected_close", Statement(value, said.text)
        elif kind == "trial":
            trial.append(said)
    told = window(trial, sentence) if trial else moved_window(sentence)
    if told:
        yield "trial_window", Statement(told, " ".join(s.text for s in trial))


# "The trial wrapped Friday" was read as the coming one.
_WRAPPED = re.compile(
    r"\b(?:wrapped|ended|finished|closed|concluded|started|began|kicked off"
    r"|went live)(?: up)?(?: on| last)? $"
)


def _is_future(said: Said, sentence: Sentence) -> bool:
    """ "Since Monday" was read as the coming one."""
    return bool(said.first and sentence.said_on and said.first > sentence.said_on)


def _carried(sentence: Sentence) -> str | None:
    """The event spoken of just before, for a short sentence that only gives the date."""
    if len(sentence.text) > 90 or OTHER_EVENT.search(sentence.said):
        return None
    if not any(ELLIPTIC_DATE.match(c.text) and _TIMED.search(c.text) for c in sentence.clauses):
        return None
    for text in (sentence.asked, sentence.before):
        low = text.lower()
        if not low:
            continue
        hits = [(m.start(), kind) for kind, p in _KINDS for m in p.finditer(low)]
        if hits:
            kind = max(hits)[1]
            return kind if kind != "other" else None
    return None


def _event(said: Said, sentence: Sentence, carried: str | None) -> str | None:
    text = sentence.said
    nearest, kind_found = _FARTHEST, carried
    for kind, pattern in _KINDS:
        for match in pattern.finditer(text):
            if match.start() < said.end and match.end() > said.start:
                continue
            between = (
                text[match.end() : said.start]
                if match.end() <= said.start
                else text[said.end : match.start()]
            )
            if BLANK in between or re.search(r"[。;!?]", between):
                continue
            cost = len(between) if not _is_han(text) else 2 * len(between)
            cost += _CLAUSE_COST * len(re.findall(r",|、|\band then\b|\bthen\b|然后", between))
            # "Sign by 12 December" but 12 月 20 日签: the verb's side owns a date.
            ahead = match.end() <= said.start
            if sentence.is_han:
                cost += 4 if ahead else 0
            else:
                cost += 0 if ahead else 3
            # A clause that follows gives the reason, not the event.
            cost += 0 if ahead else _REASON_COST * len(re.findall(r",|\band\b", between))
            cost += 2 if kind == "other" else 0
            cost += _NOUN_COST if match.group() in _NOUNS else 0
            if cost < nearest:
                is_start = kind == "other" and match.group() in _ARRIVES and TRIAL.search(text)
                nearest, kind_found = cost, "trial" if is_start else kind
    return kind_found


def _is_han(text: str) -> bool:
    return any("\u4e00" <= c <= "\u9fff" for c in text)


def _closing(said: Said, sentence: Sentence) -> str | None:
    today = sentence.said_on
    end = said.last or said.first
    if today and end and end <= today and not said.is_open_end:
        return None  # What was signed long ago closes nothing.
    if (
        today
        and said.first
        and said.last
        and (said.last - said.first).days > 300
        and said.first <= today
    ):
        return None  # "This year" dates nothing.
    if _is_done(said, sentence) or _is_past_day(said, sentence):
        return None
    if _MUST_NOT.search(sentence.said[: said.start]) or _TRIES_TO.search(
        sentence.said[: said.start]
    ):
        return None
    if re.search(r"\bclose it\b", sentence.said) and TRIAL.search(sentence.before.lower()):
        return None
    if said.first and said.first == said.last:
        clause = clause_of(said.start, sentence)
        if _plainly_denied(clause):
            return span(said.last, None)
        return said.first.isoformat()
    if said.first and said.last and _plainly_denied(clause_of(said.start, sentence)):
        return span(said.last, None)
    return span(said.first, said.last)


def _is_done(said: Said, sentence: Sentence) -> bool:
    """ "It was signed on Monday" was read as the coming one; a bare year is an adjective."""
    clause = clause_of(said.start, sentence)
    if said.first and said.last and (said.last - said.first).days > _WHOLE_YEAR:
        return _PUT_OFF.search(clause) is None
    return _PASSED.search(clause) is not None


_PAST_DAY = re.compile(
    r"前就(?:签|批|定)了|\b(?:told|i said|wrapped|ended|finished|expected to)\b[^,.;]{0,40}$"
)
# "Tested to the seventeenth", "close of play": a trial's day, and an hour.
_TRIES_TO = re.compile(r"(?:试|跑|用)到?$|\bclose of (?:play|business) on (?:\w+ )?(?:the )?$")
_MUST_NOT = re.compile(r"别(?:再)?(?:拖|推|等)[到过]?$")


def _is_past_day(said: Said, sentence: Sentence) -> bool:
    ahead = sentence.said[max(0, said.start - 40) : said.start]
    return bool(_PAST_DAY.search(ahead) or _DONE_BEFORE.match(sentence.said[said.end :]))


_DONE_BEFORE = re.compile(r"前就(?:签|批|定)了")
_WHOLE_YEAR = 300
_PUT_OFF = re.compile(
    r"才|再|推|等|延|拖|[签定下]不|\b(?:until|till|push\w*|defer\w*|delay\w*|postpon\w*|not"
    r"|slip\w*|early|late|some time|sometime)\b|n't\b"
)
_PASSED = re.compile(
    r"\b(?:was|were|got|has been|have been|had) (?:\w+ )?(?:signed|decided|chosen|awarded|closed"
    r"|picked|selected|wrapped)\b"
    r"|\b(?:signed|picked|chose|wrapped up) (?:it|us|them|the \w+)? ?(?:on )?(?:mon|tue|wed|thu"
    r"|fri|sat|sun)"
)


def _plainly_denied(clause: str) -> bool:
    """ "We will not sign in December": later than that."""
    return bool(
        re.search(r"不(?:会|能|可能|打算)[^,。]{0,10}[签定下]|[签定下]不[了成完]|来不及", clause)
        or re.search(
            (
                r"(?:\b(?:not|never|cannot)|n't)\b (?:\w+ ){0,3}(?:sign|decide|close|order"
                r"|commit|buy|purchase)"
            ),
            clause,
        )
    )
