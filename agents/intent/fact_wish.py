"""What the customer wants next, held against the next step on record.

A wish that shares its things with the record's step confirms it, in whatever words: 怎么装 and
安装方式, "how it orders the hits" and "ranking". A step that is refused, put behind something
else, done already or asked for in another form is overtaken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from agents.intent.fact_sentence import BLANK, Statement
from agents.intent.fact_steps import read_step
from agents.intent.fact_thread import Found, Line, Thread
from core.domain import Deal

# Things that have several names.
_ALIASES = (
    (
        r"演示|演一|讲一|讲解|展示|\bdemo\w*|\bshow(?:ing|s|ed)?\b|show-?and-?tell|walk-?through"
        r"|walk (?:us"
        r"|me|them|\w+) through|\bpresent\w*|webinar|take \w+ through"
    ),
    (
        r"案例|例子|同行|客户名单|成功|背书|样板|标杆|参考客户|用过你们|\breference\w*"
        r"|case stud\w+|other \w+ (?:using"
        r"|people|who)|names i can|someone (?:like us|who)|customers? (?:like|we can)|who else uses"
    ),
    (
        r"参观|考察|看(?:看|一看)?[^,。]{0,4}(?:厂|现场|实地)|上门|到[^,。]{0,6}(?:厂|现场|校|店"
        r"|院)|现场|走访|拜访|来一趟|过来"
        r"|\bvisit\w*|site (?:visit|tour)|come (?:out|over|by|to|see)|on-?site|in person|tour"
    ),
    (
        r"合同|协议|条款|法务|律师|\bcontract\w*|agreement|msa\b|dpa\b|addendum|redline\w*"
        r"|clause\w*|counsel"
        r"|legal|lawyers?|attorney\w*|terms\b|wording|language"
    ),
    (
        r"报价|价格|价(?=单|表)|重报|\bquot\w+|re-?quote\w*|pric(?:e|ing)\b"
        r"|revised (?:proposal|number)"
        r"|line[- ]item"
    ),
    r"方案|建议书|\bproposal\w*|\bplan\b",
    (
        r"试用|试点|试跑|试运行|poc|样机|测试|\bpilot\w*|\btrial\w*|\bsandbox|\btest\w*"
        r"|proof of concept"
    ),
    r"样品|样件|打样|试样|\bsample\w*|swatch\w*|specimen\w*",
    r"培训|教(?:一|我|会|他)|\btrain\w*|teach\w*",
    (
        r"安全|安审|渗透|等保|\bsecurity|infosec|pen(?:etration)?[- ]test\w*|questionnaire"
        r"|questions"
        r"|soc ?2|certificat\w*"
    ),
    (
        r"反馈|意见|总结|复盘|结果|汇总|拢|过一遍|\bfeedback|results?|findings?|what we found"
        r"|debrief\w*|review\w*"
        r"|go (?:over|through)|recap"
    ),
    (
        r"迁移|搬|导(?:入|数据)|老数据|历史数据|\bmigrat\w*|import\w*|data (?:load|move)"
        r"|bring over|pull .{0,20}out"
    ),
    r"接口|对接|打通|集成|联调|\bintegrat\w*|api\b|interface|connect\w*|plug\w*|hook\w*|mapping",
    (
        r"回收|回本|投资回报|收益|测算|算(?:一|出|账|清)|roi|\bpayback|\bsavings?\b|calculat\w*"
        r"|business case|math"
        r"|numbers|kilowatt\w*"
    ),
    r"付款|节点|账期|分期|首付|怎么付|\bpayment\w*|milestones?|instal?ments?|net \w+",
    (
        r"清单|明细|列表|名单|表(?=$|[,。给发])|\blist\w*|breakdown|spreadsheet|sheet|schedule of"
        r"|bill of materials"
    ),
    r"证书|资质|证明|检测报告|\bcertificate\w*|proof|accreditation|license",
    (
        r"手册|文档|资料|材料|说明|书面|\bmanual\w*|document\w*|guide|dictionary|spec(?:s"
        r"|ification\w*)?\b"
        r"|data ?sheet|white ?paper|write-?up|package"
    ),
    r"安装|装(?!修)|支架|布线|\binstall\w*|mount\w*|bolt\w*|bracket\w*",
    r"勘|测量|量(?:一|尺|房)|测(?:一|用)|用气量|踏勘|\bsurvey\w*|measur\w*|assess\w*|audit",
    (
        r"修(?:一|复|好)?|改(?:一|掉|好)|调(?:整|优)|解决|\bfix\w*|repair\w*|resolv\w*|patch\w*"
        r"|correct\w*"
        r"|adjust\w*|address\w*"
    ),
    (
        r"会议|开会|碰(?:头|一)|见面|面谈|坐(?:下来|一次)|约(?!定)|聊|谈(?!好|妥|完)|汇报"
        r"|\bmeet\w*|call\b|sit down|session"
        r"|workshop|chat\b|talk\b|hash out|conversation|discuss\w*|get together"
    ),
    r"财务|预算|\bfinance|cfo|budget\w*",
    r"领导|老板|董事|总经理|院长|校长|\bboard|committee|exec\w*|ceo|leadership|management",
)
_ALIAS = tuple(re.compile(one, re.IGNORECASE) for one in _ALIASES)
# These say how, not what; alone they tie nothing together.
_VAGUE = frozenset({5, 10, 15, 17, 20, 21, 22, 23})
_WISH = re.compile(
    r"请|麻烦|烦请|给(?:我|个|一|院|他|你)|发(?:我|给|一|过来)|先|下一?步|接下来|赶紧|抓紧"
    r"|尽快|要(?!不|是)|需要|希望|能不能|可以|什么时候|哪天"
    r"|还没|别忘|记得|等(?:着|你)|安排|约|来(?!了)|把|帮|只差|就差|卡在|最"
    r"|\b(?:please|kindly|could you|can you|can we|could we|would you|will you|we need|i need"
    r"|need\w*|let's|next|first|want\w*|wants?|i'd like|we'd like|like to|send|get (?:me|us)"
    r"|waiting|still (?:waiting|need|owe|don't)|owe\w*|before (?:anything|that|we|i|anyone)"
    r"|should|must|have (?:to|someone|your)|bring|show|give|set up|book|schedule|arrange"
    r"|when (?:can|will|do|are)|looking forward|remaining|left|missing|don't forget|make sure"
    r"|put that|come|go over|go through|free (?:on|mon|tue|wed|thu|fri)|outstanding|pending)\b"
)
_REFUSED = re.compile(
    r"不用(?:再|了|来|去|做)?|不必|不需要|没必要|没意思|免了|算了|就不(?:去|来|用|做|看|要|搞"
    r"|约)了?|取消|不(?:去|来|做|看|搞)了|先(?:不"
    r"|别)(?!忙着谢|说|催|提|急|谈|讲)|往后(?:放|推|挪|排)|放(?:一放|后面|后头)|搁置|用不上"
    r"|作废|填不了|不急"
    r"|再说|换成|改成|改为|别(?:演示|来|安排|发|做|搞|寄|约|去)(?:了)?"
    r"|自己(?:弄|做|搞|填|录|整理)(?:了|好|完)"
    r"|\b(?:don't (?:worry|trouble)|can wait|could wait|hold (?:that|off|on)|not (?:needed"
    r"|necessary|now|yet|the)"
    r"|no need|no \w+ (?:\w+ )?(?:needed|necessary|required)|don't (?:need|bother|want"
    r"|think we need|do|send)|doesn't need|no longer (?:need\w*|want\w*)|skip\w*|cancel\w*"
    r"|scrap\w*|forget|drop(?:ping)?|instead|rather (?:than|have|you|see)|park\w*|postpone\w*"
    r"|push\w* (?:back|out|off)|put (?:off|aside)|back burner|later|waste of|pointless"
    r"|off the table|won't (?:do|work|help|need|be necessary)|never mind|scratch"
    r"|not interested|not worth|leave (?:the|that|it)|shelve\w*)\b"
)
_SWAPS = re.compile(r"\b(?:instead|rather)\b|换成|改成|倒是想|反而")
_STOP_EN = frozenset(
    "with from that this they them their your ours have will would could should about into send"
    " get give make need want next step after before then for the and our you to of in on at by"
    " a an"
    " follow schedule book arrange prepare provide share final week meeting confirm run do set "
    "up plan team two three new first another one all".split()
)
_STOP_ZH = re.compile(
    r"[的了给和与及再次一份个版做到等把对向在就家次去安排提供整理发送提交约准备确认完成进行]"
)
_WORD = re.compile(r"[a-z][a-z-]{2,}")


def read(thread: Thread) -> Iterator[Found]:
    step = thread.deal.opportunity.next_step
    if not step:
        return
    wanted = _things(step, _names(thread.deal))
    for turn in thread.turns:
        # Plain words on the step, which fact_steps reads, need no reading between the lines.
        if not turn[0].is_customer:
            continue
        found = list(_turn(turn, wanted)) or list(_wants_else(turn, wanted))
        read = {one for line in turn for one in read_step(line.sentence)} if found else set()
        if "overtaken" not in read:
            yield from (one for one in found if not read or one.statement.value == "overtaken")


def _names(deal: Deal) -> str:
    return " ".join([deal.account.name, *deal.products, *(c.name for c in deal.contacts)])


def _turn(turn: list[Line], wanted: frozenset[str]) -> Iterator[Found]:
    """The step's fate in one passage: its lines explain each other."""
    held = [(line, _shared(line.sentence.text, wanted)) for line in turn]
    named = [line for line, shared in held if shared >= 1]
    if not named:
        return
    for at, (line, shared) in enumerate(held):
        if shared < 1:
            continue
        near = [one for one, _ in held[max(0, at - 1) : at + 2]]
        is_refused = any(_refuses(clause.text, wanted) for clause in line.sentence.clauses)
        is_swapped = any(
            _SWAPS.search(after.sentence.low) and not other
            for after, other in held[at + 1 : at + 2]
        )
        if is_refused or is_swapped:
            yield Found("next_step", Statement("overtaken"), line)
        elif _is_wished(line) or any(_is_wished(one) for one in near):
            yield Found("next_step", Statement("agrees"), line)


def _wants_else(turn: list[Line], wanted: frozenset[str]) -> Iterator[Found]:
    """What the customer says outright to want next, where none of it is the step's."""
    outright = next((line for line in turn if _OUTRIGHT.search(line.sentence.low)), None)
    if outright is None or any(_shared(line.sentence.text, wanted) for line in turn):
        return
    if _OUTRIGHT.search(outright.sentence.said):
        yield Found("next_step", Statement("overtaken"), outright)


_OUTRIGHT = re.compile(
    r"我倒(?:是|有)|我要的(?:就|是)|(?:先|就)(?:帮|给)我(?!们?(?:签|打))|还不如"
    r"|\b(?:what (?:i|we)(?:'d| would|'ll)? (?:really |do |actually |now )?(?:want|need|like)"
    r"|what(?:'d| would) (?:really |actually )?(?:be )?(?:useful|help\w*)|here's what)\b"
)


def _is_wished(line: Line) -> bool:
    low = line.sentence.low
    is_stated = BLANK * 6 not in line.sentence.said or _REQUEST.search(low) is not None
    return is_stated and _WISH.search(low) is not None


# Asked politely, it is wanted all the same.
_REQUEST = re.compile(
    r"能不能|能否|可以[^。?]*吗|麻烦|行不行|好不好|\b(?:could|can|would|will) (?:you|we|somebody"
    r"|someone)\b"
)


@lru_cache(maxsize=4096)
def _shared(text: str, wanted: frozenset[str]) -> float:
    """How much of the step a text shares: one named thing ties it to the step, or two vague
    ones."""
    low = text.lower()
    stems: set[str] | None = None
    total = 0.0
    for one in wanted:
        if one[0] in "~#":
            if _ALIAS[int(one[1:])].search(low):
                total += 0.5 if one[0] == "~" else 1.0
        elif one.isascii():
            if stems is None:
                stems = {word[:5] for word in _WORD.findall(low)}
            total += one in stems
        else:
            total += one in low
    return total


def _refuses(text: str, wanted: frozenset[str]) -> bool:
    """Whether a clause turns down the step's own thing: the two stand close together."""
    # One of several things put off leaves the others of the step wanted.
    named = frozenset(one for one in wanted if one[0] == "#")
    things, least = (named, 2) if len(named) >= _SEVERAL else (wanted, 1)
    return any(
        _shared(text[max(0, match.start() - _NEAR) : match.end() + _NEAR], things) >= least
        for match in _REFUSED.finditer(text)
        if not _FIRST_DONE.search(text[: match.start()])
    )


# 铁岭讲完了再说锦州的: the step is done first.
_FIRST_DONE = re.compile(r"完(?:了)?$")
_NEAR = 24
_SEVERAL = 2


def _things(text: str, names: str) -> frozenset[str]:
    """What a text is about: aliases, stems of its English words, pairs of its Chinese signs."""
    low = text.lower()
    found = {
        ("~" if at in _VAGUE else "#") + str(at)
        for at, pattern in enumerate(_ALIAS)
        if pattern.search(low)
    }
    mine = names.lower()
    found |= {
        word[:5]
        for word in _WORD.findall(low)
        if word not in _STOP_EN and len(word) > 3 and (not mine or word not in mine)
    }
    for run in re.findall("[\u4e00-\u9fff]+", low):
        for at in range(len(run) - 1):
            pair = run[at : at + 2]
            if not _STOP_ZH.search(pair) and (not mine or pair not in mine):
                found.add(pair)
    return frozenset(found)
