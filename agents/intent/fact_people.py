"""Who decides or signs, and who no longer does.

Rules run over the sentence with its persons masked, so that "Dr. Lee", 王总 and "I" read alike.
Signing off a test report, a privacy review or an acceptance is no purchase decision.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.intent.authority_words import CHINESE, ENGLISH, P
from agents.intent.fact_names import PERSON, Masked
from agents.intent.fact_sentence import BLANK, Sentence, Statement

LEFT = "left:"

_CUE = re.compile(
    r"批|看|听|字|由|挑|摊|交给|认|当家|一支笔|选|拍板|签|说了算|点头|主持|代管|被?免(?:了|职)"
    r"|定(?=$|[,。;了吧])|定夺|做主|决定|决策|敲定"
    r"|[来是我]定|终审|最终|审批|接手|接任|接替|接管|顶替"
    r"|负责|分管|牵头|离职|辞职|离开|调[走任离去到岗]|退休|不再|不在"
    r"|不上班|休产假|病休|长病假|只?挂(?:个)?名|卸任|退居二线|退下来|走了|换岗|转岗|轮岗|换[成了]|交给|转给|移交|不管"
    r"|\b(?:sign|decid|decision|final|call|say|approv|authority|shots|pen\b|mine\b|up to|down to"
    r"|replac|success?|"
    r"succeed|tak(?:es?|ing|en) over|took over|left\b|leaving|resign|retir|moved|moving"
    r"|no longer|step|transfer|depart|"
    r"hand(?:ed|ing|s)|gone\b|new owner|in charge|responsible|budget holder)",
    re.IGNORECASE,
)
_STEMS = frozenset(
    "mind pen mean conv pers name brass depa "
    "choo pick desk nod ok okay bles trig auth gree vot name guy woma inhe absor assu fill says"
    " noth want need"
    " sign deci fina call appr auth shot pen mine last sole vote buck repl"
    " succ take took taki left leav resi reti move movi long step tran depa"
    " hand gone owne char resp budg own chec hold".split()
)
_UP_TO = re.compile(r"\b(?:up|down) to ")
_WHO = re.compile(
    r"(?:谁|哪位|哪个领导)[^,。]{0,8}(?:拍板|签|定|做主|说了算|批)|(?:拍板|签字|决定)的?(?:是"
    r"|人是)(?:谁|哪位)"
    r"|\bwho(?:'s| is| will| would| does)?\b[^?]{0,40}\b(?:sign|decid|decision|final|approv|call)",
    re.IGNORECASE,
)
# A longer answer says more than a name, and the rules read it.
_SHORT = 40
_NOT_THE_PURCHASE = re.compile(
    r"\bto (?:approve|sign) and\b|验收|保密|测试|技术|评审|需求|会议|纪要|安全|报告|图纸|考勤"
    r"|入场|培训|接口|对接|联络"
    r"|联系人|数据|实施|安装|排期|排班|食宿|交付|样品|样件|试用协议"
    r"|\b(?:nda|dpa|security|review|minutes|tests?|acceptance|reports?|technical|spec\w*"
    r"|requirements?|design|invoices?|risk"
    r"|privacy|data|migration|integration|delivery|installation|timesheets?|agenda|training"
    r"|support|room|time|schedule"
    r"|pilot|trial|protocol|scheduling|logistics|catering|access|onboarding|calendar|roll-?out)\b",
)
_PURCHASE = re.compile(
    r"合同|采购|订单|最终|最后|拍板|预算|这单|\b(?:contract|purchase|order|deal|po|final|budget"
    r"|agreement|vendor"
    r"|supplier|money)\b"
)
_DENIED = re.compile(
    (
        r"(?:不用|不需要|无需|不是|不再由|不由|并非|不归|不等)[^,。;]{0,4}$|[跟和与同问]$"
        r"|(?:\bnot|n't|no longer"
        r"|rather than|instead of|without|never|nor)(?: \w+){0,2} ?$"
    ),
)
_DENIED_INSIDE = re.compile(
    r"不(?:能|会|再|用|管|是|一定)|没(?:法|权|资格)|\b(?:not|never|no longer|cannot)\b|n't"
)
_ALSO = re.compile(
    r"会签|也得|也要|也需|\b(?:co-?signs?|countersigns?|jointly|also (?:needs?|has|have) to|both)\b"
)
# Who may sign small sums does not sign this.
_SMALL_SUMS = re.compile(
    r"万?(?:以内|以下|以里)|\b(?:under|below|up to|less than) [£$€¥]?\d|\b(?:below"
    r"|under) (?:\w+ )?(?:thousand|hundred)"
)
_SUBORDINATE = re.compile(
    r"\b(?:until|till|before|once|after|as soon as|when|by the time)\b[^,;]*$"
)
_LEFT_EN = re.compile(
    rf"{P}(?:,[^,]{{1,40}},)?(?:'s|\s+(?:has|have|is|was|will be|will|just|recently|now|actually"
    rf"|already|sadly|'m|am|'ve))*\s+"
    r"(?:left(?! (?:a|an|early|me|us a|it|you|your|some|open|out|for (?:lunch|the day|today"
    r"|vacation|holiday))\b)(?! the (?:room|call|meeting|office early))"
    r"|resigned|retir(?:ed|ing)|moved (?:on|to|into|over|across)|moving (?:on|to|into|over)"
    r"|been (?:moved|transferred|replaced|reassigned|let go)"
    r"|replaced by|leaving(?! (?:at|early|for|you|in \w+ minutes|the (?:room|call|meeting)))"
    r"|stepp(?:ed|ing) (?:down|back|aside)"
    r"|on (?:gardening|maternity|parental|sick|long|phased|extended) leave|signed off sick"
    r"|no longer|transferred|departed|handed (?:over|it|this|everything|the)|gone(?= |$"
    r"|[.,])(?! through| over| to (?:lunch|the)))",
    re.IGNORECASE,
)
_LEFT_ZH = re.compile(
    rf"{P}(?:[^,。;{PERSON[1:-1]}]|,(?=[^,。]{{0,6}}(?:调|离|不再|不在))){{0,12}}?"
    r"(?:离职|辞职|离任|离开(?:了|公司|我们)|调走|调任|调离|调去|调到|调岗|退休|不再(?:负责|分管"
    r"|管|担任|参与|签|拍板)|不负责(?:这|了|采购|该)"
    r"|不管(?:这|了)|不在(?:我们|这)?(?:公司|这边|这儿|集团|厂里|医院|学校|岗位|了)"
    r"|卸任|退居二线|退下来|走了|换岗|转岗|轮岗|免职|被(?:集团|总部|公司|上面|董事会)?免"
    r"|去了[^,。]{1,8}(?:公司|工厂|基地|分公司|海外)?)"
)


def read(sentence: Sentence) -> Iterator[tuple[str, Statement]]:
    if sentence.asked and _WHO.search(sentence.asked):
        yield from _answer(sentence)
    if not sentence.hints(_STEMS, _CUE) and not _UP_TO.search(sentence.low):
        return
    masked = masked_persons(sentence)
    if not masked.persons:
        return
    for who in _left(masked):
        yield "decision_maker", Statement(LEFT + who)
    deciders = list(dict.fromkeys(_deciders(masked)))
    if deciders:
        yield "decision_maker", Statement(deciders[-1])


def _answer(sentence: Sentence) -> Iterator[tuple[str, Statement]]:
    """ "Who signs?" "Helen.": the one person that a short answer names."""
    if len(sentence.text) > _SHORT or _DENIED_INSIDE.search(sentence.low):
        return
    who = set(masked_persons(sentence).persons)
    if len(who) == 1:
        yield "decision_maker", Statement(who.pop())


def masked_persons(sentence: Sentence) -> Masked:
    """The stated parts of a sentence with its persons masked."""
    stated = "".join(
        BLANK if said == BLANK else plain
        for said, plain in zip(sentence.said, sentence.text.replace("’", "'"), strict=True)
    )
    folded = stated.translate(str.maketrans("，；！？（）：", ",;!?():"))
    return sentence.people.mask(
        folded, before=f"{sentence.asked} {sentence.before}", speaker=sentence.speaker_id
    )


def _deciders(masked: Masked) -> Iterator[str]:
    found: list[tuple[int, bool, str]] = []
    for pattern in (*ENGLISH, *CHINESE):
        for match in pattern.finditer(masked.text):
            if _counts(match, masked.text):
                is_final = re.search(r"最终|最后|final", match.group(), re.IGNORECASE) is not None
                found.append(
                    (match.start(), is_final, masked.who(next(g for g in match.groups() if g)))
                )
    # 部门经理签完，最后总经理签: the last word is the one that counts.
    for _, _, who in sorted(found, key=lambda one: (one[1], one[0])):
        yield who


def _counts(match: re.Match[str], text: str) -> bool:
    if BLANK in match.group():
        return False
    ahead = text[max(0, match.start() - 24) : match.start()].lower()
    inside = re.split(PERSON, match.group().lower())[-1] if match.lastindex else ""
    if _DENIED.search(ahead) or _DENIED_INSIDE.search(match.group().lower()):
        return False
    if _SUBORDINATE.search(ahead) and not re.search(r"takes? over|took over", inside):
        return False
    clause = _clause_around(match, text).lower()
    if _ALSO.search(clause) or _SMALL_SUMS.search(clause):
        return False
    return not (_NOT_THE_PURCHASE.search(clause) and not _PURCHASE.search(clause))


def _clause_around(match: re.Match[str], text: str) -> str:
    start = max(text.rfind(mark, 0, match.start()) for mark in ",;。!?") + 1
    ends = [at for mark in ",;。!?" if (at := text.find(mark, match.end())) >= 0]
    return text[start : min(ends, default=len(text))]


def _left(masked: Masked) -> Iterator[str]:
    for pattern in (_LEFT_EN, _LEFT_ZH):
        for match in pattern.finditer(masked.text):
            if BLANK not in match.group() and not _DENIED_INSIDE.search(
                re.sub(r"no longer|不再|不在|不管|不负责", "", match.group().lower())
            ):
                yield masked.who(match[1])
