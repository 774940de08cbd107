"""Which mails and meetings are a demo, a trial or a proposal touchpoint. Pure.

A touchpoint is where it happens, not where it is spoken of: the meeting in which the demo is given,
the mail that carries the quote, the review of the trial. A title says so unless it plans or asks
for the thing; in the words a sentence must tell of it as happening or just done. A sentence that
asks, plans, supposes or denies, and one about another vendor, says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from agents.deviation_check.state import TouchpointKind
from core.domain import Channel, Passage, Role, Source
from core.text.sentences import sentences

DEMO, TRIAL, PROPOSAL = TouchpointKind.DEMO, TouchpointKind.TRIAL, TouchpointKind.PROPOSAL

_I = re.IGNORECASE
_NAMED = {
    DEMO: re.compile(
        r"演示|产品?讲解|\bdemo(?:s|nstrations?)?\b|\bwalk-?throughs?\b|\bshowcase\b", _I
    ),
    TRIAL: re.compile(
        r"试用|试点|试运行|概念验证|(?<![a-z])poc(?![a-z])|\bproof of concept\b|\bpilots?\b"
        r"|\btrials?\b",
        _I,
    ),
    PROPOSAL: re.compile(
        r"方案(?!部)|报价|标书|投标文件|应标|建议书|\bproposals?\b|\bquot(?:e|es|ation|ations)\b"
        r"|\b(?:revised|our|best and final) offers?\b|\bbids?\b(?! farewell)",
        _I,
    ),
}
# A title with one of these plans, asks for or refers to the thing, or concerns something beside it.
_TITLE_ONLY_PLANS = re.compile(
    r"安排|预约|排期|准备|筹备|预演|彩排|计划|延期|推迟|改期|取消|时间调整|时间确认|名单|申请|请求"
    r"|需求|邀请|咨询|请教|索取|询价|调研|之?前(?:的|$)|竞品|友商|对手|招标公告|流程|[??]|吗$"
    r"|\b(?:before|ahead of|prior to|prepar\w*|prep|plan|planning|schedul\w*|reschedul\w*"
    r"|postpone\w*"
    r"|cancel\w*|moved|agenda for|invit\w*|request\w*|rfq|rfp|rfi|asking|questions? (?:about"
    r"|on|for)"
    r"|dry ?run|rehearsal|need|want|competitor\w*|rival\w*|dates? for|logistics|next (?:month"
    r"|week))\b"
    r"|\bour (?:demo|walk-?through) on\b",
    _I,
)
# A mail that answers under another's subject: the subject is not this mail's own word.
_REPLY = re.compile(r"^\s*(?:re|aw|sv|答复|回复|回覆|答覆)\s*[::]", _I)
_HAPPENS = {
    DEMO: re.compile(
        r"(?:下面|现在|接下来|先)?(?:我|我们|小\w)?(?:来|就|先|开始)?(?:给|为|跟)(?:大家|各位|您|你们?|\w总)"
        r"(?:现场)?演示(?:一下|一遍|下)|(?:我|我们)(?:现在|这就|开始|先)(?:来)?演示"
        r"|(?:大家|各位|您)(?:现在|可以)?看到的?(?:这个)?(?:就是|是|界面|屏幕)|我(?:来)?共享(?:一下)?(?:屏幕|桌面)"
        r"|(?:感谢|谢谢)[^。;]{0,16}(?:参加|观看|看了?|来听|参与|出席)[^。;]{0,12}演示"
        r"|(?:今天|昨天|上午|下午|刚才|刚刚|这次)[^。;]{0,8}演示(?:[^。;]{0,6}(?:里|中|上|完|了|的|很|非常)|$)"
        r"|\b(?:let me|i'?ll|i will|i'?m going to|we'?ll) (?:now |just |quickly )?"
        r"(?:show you|demo\b|walk you through the (?:product|system|screen|tool|platform)"
        r"|share my screen)"
        r"|\b(?:as you can see (?:here|on)|here on the screen|what you(?:'re| are) (?:seeing"
        r"|looking at))\b"
        r"|\bthank(?:s| you)[^.;]{0,30}(?:joining|attending|coming to|taking part in"
        r"|for) [^.;]{0,24}"
        r"\b(?:demo(?:nstration)?|walk-?through)\b"
        r"|\b(?:recap|summary|recording|notes) (?:of|from) (?:the|our|today's"
        r"|yesterday's)[^.;]{0,16}"
        r"\bdemo(?:nstration)?\b"
        r"|\b(?:today|yesterday|this morning|this afternoon)'s[^.;]{0,12} demo(?:nstration)?\b",
        _I,
    ),
    TRIAL: re.compile(
        r"(?:试用|试点|试运行|POC|概念验证)(?:账号|环境|系统)?[^。;,]{0,6}(?:已经|已|今天|正式|现在)"
        r"[^。;,]{0,6}(?:开通|启动|开始|上线|结束|完成|部署)"
        r"|(?:试用|试点|试运行|POC)(?:今天|昨天|刚)?(?:启动会|总结|复盘|评审|中期|验收|小结|结题)"
        r"|(?:试用|试点|试运行|POC)[^。;]{0,4}(?:启动了|开始了|结束了|做完了|跑完了|完成了|跑了|用了|的结果|结果(?:是|出来)|下来)"
        r"|\b(?:trial|pilot|poc|proof of concept)\b[^.;]{0,14}\b(?:is|are|has|went|was) (?:now )?"
        r"(?:live|running|started|starting today|finished|complete\w*|ended|over|under ?way"
        r"|gone live)"
        r"|\b(?:trial|pilot|poc|proof of concept) (?:account|environment|licen[cs]e)s? (?:is|are) "
        r"(?:now )?(?:ready|live|set up|active|open)"
        r"|\b(?:results?|findings|outcome) (?:of|from) (?:the|our|your) (?:trial|pilot|poc)\b"
        r"|\b(?:trial|pilot|poc) (?:results?|findings|kick-?off|review|wrap-?up|retrospective)\b",
        _I,
    ),
    PROPOSAL: re.compile(
        r"(?:附件|随信|随邮件|现将|附上|已附|奉上|发给您|发您|呈上)[^。;]{0,16}(?:方案|报价|标书|投标文件|建议书)"
        r"|(?:方案|报价单?|标书|建议书)[^。;]{0,10}(?:见附件|在附件|请(?:您)?(?:查收|审阅|过目)|已(?:经)?(?:发|提交|递交|附))"
        r"|(?:过一(?:下|遍)|讲一?(?:下|遍)|汇报一?(?:下|遍)?|介绍一?下|主要聊聊|逐项看)[^。;]{0,8}(?:方案|报价|标书)"
        r"|\b(?:attached|enclosed|attaching|please find|here(?:'s| is| are)|below (?:is"
        r"|are))\b[^.;]{0,40}"
        r"\b(?:proposals?|quot(?:e|ation)s?|offer|bid)\b"
        r"|\b(?:proposal|quot(?:e|ation)|bid)\b[^.;]{0,30}\b(?:is|are) (?:attached|enclosed"
        r"|in the portal|below)\b"
        r"|\b(?:walk|take|talk|run|go)(?: you)? through (?:the|our|this|your)[^.;]{0,16}"
        r"\b(?:proposal|quot(?:e|ation)|offer)\b"
        r"|\b(?:submitted|sent (?:you|over|across)|sending (?:you|over)) (?:the|our|a)[^.;]{0,16}"
        r"\b(?:proposal|quot(?:e|ation)|bid)\b",
        _I,
    ),
}
_NOT_HERE = re.compile(
    r"[??]\s*$|吗[。.]?$|能不能|可不可以|是否|什么时候|如果|假如|要是|的话|没有?(?:演示|试用|启动|开始|附)"
    r"|还没|尚未|取消|下(?:个?月|周|星期|礼拜|次|季度)|明天|后天|明年|将(?:会|要|于)|计划|打算|准备(?:给|做|安排)"
    r"|届时|到时候?|之前会|等[^。]{0,12}(?:再|之?后)|他们(?:家|上周|昨天|也)?(?:来)?(?:演示|报价)|竞品|友商|别家|另一家"
    r"|\b(?:if|once|when we|next (?:week|month|quarter|year|time)|tomorrow|not yet|hasn'?t"
    r"|haven'?t|didn'?t"
    r"|isn'?t|cannot|can'?t|won'?t|no longer|postponed|cancelled|canceled|would|could (?:we"
    r"|you|i)|can (?:we|you)"
    r"|should we|shall we|will be (?:live|ready|attached|sent)|going to send|their (?:demo"
    r"|proposal|quote|trial)"
    r"|competitor\w*)\b",
    _I,
)
_ATTACHED = {
    PROPOSAL: re.compile(
        r"报价|方案|标书|投标|建议书|(?:^|[\W_])(?:quot(?:e|ation)|proposal|offer|bid)(?=[\W_\d]|$)",
        _I,
    )
}
# Word for word "before the demo" and the like in a title speak of a day to come; hence "after" too.
_TITLE_AFTER = re.compile(
    r"纪要|回顾|复盘|总结|小结|后续|跟进|反馈|评审|启动|验收|中期"
    r"|\b(?:recap|summary|follow-?up|after|review|kick-?off|results?|minutes|feedback|wrap-?up)\b",
    _I,
)


def touchpoint_kinds(source: Source, passages: Sequence[Passage]) -> tuple[TouchpointKind, ...]:
    """The kinds of touchpoint that the source is, in the order of TouchpointKind; () for none.

    `passages` are the source's own. Automatic mails and other channels are none.
    """
    if source.channel not in (Channel.EMAIL, Channel.MEETING) or source.meta.get("automatic"):
        return ()
    is_mail = source.channel is Channel.EMAIL
    found = set(_by_words(passages))
    if not (is_mail and _REPLY.search(source.title)):
        found |= set(_by_title(source.title, is_mail=is_mail))
    if is_mail and any(p.role is not Role.CUSTOMER for p in passages):
        found |= _by_attachments(source.meta.get("attachments") or ())
    return tuple(kind for kind in TouchpointKind if kind in found)


def _by_title(title: str, *, is_mail: bool) -> Iterable[TouchpointKind]:
    if _TITLE_ONLY_PLANS.search(title):
        return
    tells = bool(_TITLE_AFTER.search(title))
    for kind, named in _NAMED.items():
        # A meeting called "demo" is the demo; a mail so called may come before it. A mail that
        # names a proposal carries it or speaks of the one that was sent.
        if named.search(title) and (not is_mail or tells or kind is PROPOSAL):
            yield kind


def _by_words(passages: Sequence[Passage]) -> Iterable[TouchpointKind]:
    for passage in passages:
        # carries_intent is False for quoted and automatic text: somebody else's older words.
        if not passage.carries_intent:
            continue
        for start, end in sentences(passage.text):
            sentence = passage.text[start:end]
            for kind, happens in _HAPPENS.items():
                match = happens.search(sentence)
                if match and not _NOT_HERE.search(sentence):
                    yield kind


def _by_attachments(names: Iterable[object]) -> set[TouchpointKind]:
    return {
        kind
        for kind, named in _ATTACHED.items()
        for name in names
        if isinstance(name, str) and named.search(name)
    }
