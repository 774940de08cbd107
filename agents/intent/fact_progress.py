"""Where the purchase stands by what has happened so far, in the customer's words.

Few buyers name a stage. They say that the quote has come, that the machines have run for three
days, that the lawyers are at the second draft: each such happening belongs to one stage. A stage
that has been reached stays reached, so the farthest one that was told is where the deal stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.intent.fact_sentence import BLANK, Statement
from agents.intent.fact_thread import Found, Line, Thread
from core.domain import Stage

# The record's own stage needs less to be confirmed than another one to contradict it.
WEAK = 0.6

_N = r"(?:[^,。;!?]{0,8})"
_CONTRACT = re.compile(
    r"合同[^,。;!?]{0,12}(?:改|稿|条款|审|法务|过(?!期|会)|走|盖|签(?!过|了)|谈|定稿|发|修|看"
    r"|回|批注|卡|差|就剩|只剩)"
    r"|(?:法务|律师)[^,。;!?]{0,14}(?:改|稿|条|审|看|回|批|对|谈|电话|意见|修|过)"
    r"|(?:付款|违约|质保|保密|赔偿|验收|续费|驻场|责任)[^,。;!?]{0,6}(?:条款|节点|方式|比例"
    r"|条件|周期|账期|那条)"
    r"|账期|条款|[三四一]六三|三三三一|落章|盖章|走合同|合同(?:草案|初稿|终稿|定稿|文本)"
    r"|[一二两三四]稿|会签|谈(?:到|的)?第[二三四]"
    r"|(?:商务|价格)(?:条款|谈判|上)|就剩(?:下)?这(?:点|条|个)|只剩(?:下)?[^,。]{0,8}(?:条|点"
    r"|没谈|没定)"
    r"|\b(?:(?:counsel|legal|lawyers?|attorneys?|solicitors?)\b[^.;!?]{0,40}\b(?:mark\w*"
    r"|redlin\w*|return\w*|comment\w*|chang\w*"
    r"|edits?|language|clause|review\w*|draft|free|call|sent|back|paper|contract|agreement|msa)"
    r"|(?:contract|agreement|msa|dpa|paperwork|your paper"
    r"|order form)\b[^.;!?]{0,50}\b(?:mark\w*|redlin\w*|chang\w*|edits?|clause\w*"
    r"|language|draft\w*|review\w*|sign\w*|returned|wording|terms|version|on (?:her|his|my"
    r"|the) desk|comments|objections|twice|going (?:back|through))"
    r"|(?:redlin\w+|marked up|mark-?ups?|liability caps?|indemnity|indemnification"
    r"|limitation of liability|payment (?:terms|split|schedule|milestones)"
    r"|milestones|net[- ](?:30|45|60|thirty|forty-five|sixty)|warranty (?:language|clause"
    r"|wording|terms)|termination clause|auto-?renew\w*"
    r"|contract (?:language|terms|wording|draft|changes)|the clause|that clause|a clause"
    r"|that .{0,12}wording|governing law|data processing addendum|sla terms"
    r"|(?:i've|i have|we've|we have) (?:read|been over|been through|gone through) (?:your"
    r"|the) (?:contract|agreement)"
    r"|been over the agreement|your terms have|hash out the (?:terms|milestones)))\b"
)
# What the rep's side is at when only words of the contract remain.
_CONTRACT_STRONG = re.compile(
    r"合同(?:现在|已经|正)?在(?:法务|律师)|没谈拢|合同[^,。;!?]{0,12}(?:改了|稿|谈到|在走|流程"
    r"|发过来|看(?:完|过)|审)|(?:法务"
    r"|律师)[^,。;!?]{0,14}(?:改(?:了|完)|稿|看(?:完|过)|审(?:完|过)|没意见|没问题|意见)"
    r"|[一二两三四]稿|走合同|会签|落章|等盖章|就(?:等|差)(?:盖章|签字)"
    r"|\b(?:redlin\w+|marked up|mark-?ups?|contract\b[^.;!?]{0,40}\b(?:chang\w*|edits?"
    r"|redlin\w*|returned|draft|marked|sent back|twice|for signature)"
    r"|(?:counsel|legal|lawyers?|attorneys?|solicitors?)\b[^.;!?]{0,40}\b(?:mark\w*|redlin\w*"
    r"|return\w*|comment\w*|edits?|is (?:in|at|on) (?:your|the))"
    r"|agreement\b[^.;!?]{0,60}\b(?:objections|signature|redlin\w*|marked|comments)"
    r"|warranty language|liability caps?|indemnity"
    r"|on (?:her|his|my) desk for signature)\b"
)
_QUOTE = re.compile(
    r"(?:报价|方案|标书|投标|建议书|价格)(?:书|单|表|和方案|和报价"
    r"|材料)?[^,。;!?]{0,10}(?:收到|拿到|看(?:过|了|完)|有了|放|转"
    r"|对(?:了|过|比|着)|登记|核|认可?|不错|写|到手|在(?:我|他|桌)|传|交|打印)"
    r"|(?:收到|拿到|看(?:过|了|完)|对(?:了|过|比)|比)[^,。;!?]{0,12}(?:报价|方案|标书|建议书)"
    r"|你们(?:报|给|发|出)的?(?:那份|那个|这份|这版)?(?:报价|方案|价)|报(?:了|来|过来)的?(?:价"
    r"|[^,。]{0,3}万)|比价|议价|砍价"
    r"|[两三二]家(?:比|里|都|报|在)|摆在一起(?:看|比)"
    r"|重(?:新)?(?:报|出)(?:一?[版份个]|价)?|按[^,。;!?]{1,10}(?:重|再)(?:报|出|算)|(?:评标"
    r"|开标|投标|论证会|比选|磋商|询价"
    r"|单一来源|上会)"
    r"|价格(?:就这样|我|这块)|不磨了|报价(?:里|含|总)|你们(?:两家|三家)|那(?:份|版)方案|方案我"
    r"|\b(?:(?:got|have|received|read|reading|saw|reviewed|reviewing|see|printed|going through"
    r"|went through|looked at|comparing|compared|studied|thanks for|thank you for)"
    r"\b[^.;!?]{0,20}\b(?:proposal|quote|quotation|offer|bid|pricing|numbers)"
    r"|(?:proposal|quote|quotation|your offer|your bid|pricing)\b[^.;!?]{0,30}\b(?:landed"
    r"|arrived|came|received|in hand|in front of|on my desk|looks|reads|is clear|is in|is with"
    r"|got|here|fine|thorough|circulat\w+|covers|shows|says|has)"
    r"|re-?quote\w*|price it (?:again|at|for|without)|revised (?:quote|proposal|pricing)"
    r"|your (?:quote|proposal|bid|price|number|offer|figure)|sharpen\w*|the proposal"
    r"|side by side"
    r"|both (?:bids|quotes|proposals|offers)|(?:two|three|all) (?:bids|quotes|proposals|offers))\b"
)
_QUOTE_STRONG = re.compile(
    r"(?:正式)?(?:报价|方案|标书|建议书)(?:书|单|和方案)?[^,。;!?]{0,8}(?:收到|拿到|到手)"
    r"|(?:收到|拿到)[^,。;!?]{0,8}(?:报价"
    r"|方案|标书|建议书)"
    r"|\b(?:(?:got|received|thanks for|thank you for|reviewed|reading|read|working through"
    r"|going through|had) (?:\w+ ){0,4}(?:proposal|quote|quotation|offer)"
    r"|(?:proposal|quote|quotation)\b[^.;!?]{0,12}\b(?:landed|arrived|came|received|is in hand"
    r"|in hand))\b"
)
_TRIAL_WORD = r"(?:试用|试点|试运行|试跑|测试|poc|样机|灰度|内测|试)"
_TRIAL = re.compile(
    r"(?:跑|试|用|测)(?:了|到|满)[^,。;!?]{0,4}(?:天|周|礼拜|星期|个月|晚)"
    r"|今天第[一二三四五六七八九十\d]+天|试了|扫了|测了|接上的|还剩[^,。]{1,3}天|一(?:周|个?礼拜)下来"
    r"|(?:当天|昨天|前天)[^,。]{0,4}(?:装|接|开)"
    r"|第[一二三四五六七八九十\d]+天(?:了|,|$)"
    r"|(?:试用|试点|试运行|试跑|测试|poc|样机|灰度)[^,。;!?]{0,10}(?:在跑|已经|跑|还(?:有|剩)"
    r"|正|中(?=$|[,。])|收尾|结束了|完了"
    r"|进行|开着|装好|挺|反馈|效果|数据|结果|第|开始了)"
    r"|还剩[^,。;!?]{1,4}天|(?:正|已经|还)在(?:试|测|跑)|试(?:着|下来|得)|跑(?:着|下来|得"
    r"|起来)|用(?:着|下来"
    r"|得)(?=[^,。]{0,6}(?:顺|行|好|还|可|不错))|账号[^,。;!?]{0,6}(?:开|建)(?:好"
    r"|了)[^。]{0,10}(?:开始|在用)"
    r"|(?:等|到)(?:试用|试点|测试)(?:收|结|跑)|样机[^,。]{0,6}(?:到了|装上|进场了|在)|误检"
    r"|(?:夜班|白班|店里|现场|护士|门店|工人|司机"
    r"|前台)[^,。]{0,12}(?:反映|反馈|说|觉得|嫌)[^。]{0,20}(?:慢|快|顺|好用|不好|卡|断|省)"
    r"|\b(?:mid-?(?:trial|pilot)|(?:trial|pilot|poc|sandbox|test"
    r"|proof of concept)\b[^.;!?]{0,24}\b(?:so far|running|under ?way|wrapped|is over"
    r"|behind us|is going|going|in progress|live|has been|started on"
    r"|began|halfway|results|finished|ended|since|up and running|week (?:one|two|three|1|2|3))"
    r"|(?:\w+) (?:days?|weeks?) in(?:to)?(?=$|[,. ])(?! (?:jan|feb|mar|apr|may|jun|jul|aug|sep"
    r"|oct|nov|dec|advance|the (?:future|hospital)))"
    r"|(?:still|been|are|we're|they're|folks are) (?:testing|trialing|trialling|piloting"
    r"|trying (?:it|you|this))|(?:day|week) (?:one|two|three|four|five|six|seven|\d+) (?:of"
    r"|and|was|,|went)"
    r"|(?:cameras?|sensors?|beacons?|units?|carts?|robots?|devices?|rovers?|machines?"
    r"|scanners?|tablets?|it|they)(?:'s| are| is|'re|'ve been| have been| has been) (?:in|up"
    r"|live|installed|running|on the floor|pulling)\b"
    r"|so far\b|since (?:we|it|they) (?:started|began)|\w+ (?:drivers|staff|nurses|users|people)"
    r" through it|day (?:one|two|three|four|five|six|seven)|(?:'s|is) (?:humming|chewing)"
    r"|we're \w+ days in|since (?:monday|tuesday|wednesday|thursday|friday|the \w+)"
    r"|testers?|we've had (?:them|it) (?:live|running|up)|the techs? are|has(?:n't"
    r"| not) (?:crashed|failed|missed|sparked)|running (?:it|since|for))\b"
)
_TRIAL_STRONG = re.compile(
    r"(?:已经|都)?(?:跑|试|用|测)了[^,。;!?]{0,4}(?:天|周|礼拜|星期)|(?:还|正|现在)在(?:试|跑"
    r"|测)(?!图)|今天(?:起|开始"
    r"|早上)[^,。]{0,14}(?:真的|正式)?(?:在|开始)(?:里面|跑|用|试|测)|(?:用着|试着|跑着)呢"
    r"|(?:头|第)一天[,，]?(?:就|今)"
    r"|今天第[一二三四五六七八九十\d]+天|(?:试用|试点|试运行|试跑|poc"
    r"|样机)[^,。;!?]{0,8}(?:在跑|跑起来|还(?:有|剩)[^,。]{1,5}天"
    r"|正在|已经(?:开始|跑|上))"
    r"|(?:正|已经)在(?:试|测试)"
    r"|(?:昨天|前天|今天|上周[一-日]?|周[一二三四五]|[一二三四五六七八九十\d]号)[^,。]{0,3}(?:开跑"
    r"|接(?:上|进)|装(?:上|好)|开始试|上电)的?(?=$|[,。了])|(?:都|已经)(?:在)?用上了"
    r"|试了[^,。]{0,3}(?:天|周|礼拜|星期)"
    r"|\b(?:logged in|live|on it|using it|running(?: it)?|switched on) for (?:a |the )?(?:\w+ )?"
    r"(?:days?|weeks?|fortnight)\b|\bthat's (?:your|our|the) (?:trial|pilot)\b"
    r"|\bswitched us on\b|\b(?:day|week) (?:one|two|three|four|five|six|\d+)(?=[.,])"
    r"|\b(?:mid-?(?:trial|pilot)|(?:trial|pilot|poc|proof of concept)\b(?:'s| is| has been"
    r"| has|'s been)? (?:already |now |currently |well |been )*(?:running|under ?way|live"
    r"|in progress|started|up and running|halfway)"
    r"|(?:days?|weeks?) into (?:the|our|this) (?:trial|pilot|poc|test)|under ?way with (?:the"
    r"|our) (?:trial|pilot|test)|live on (?:the|our) (?:trial|pilot)|(?:first|second|third"
    r"|fourth) week on it|(?:day|week) (?:one|two|three)(?:'s| is) (?:in the books|done|down)"
    r"|(?:we|they) (?:started|kicked off|went live) (?:this|on|yesterday|today|last)|(?:we've"
    r"|we have) (?:been|had (?:them|it)) (?:live|running|testing|piloting|trialling|trialing)"
    r"|(?:we're|we are) (?:already |currently |now )*(?:testing|piloting|trialling|trialing))\b"
)
_DEMO = re.compile(
    r"演示(?!给)[^,。;!?]{0,12}(?:看(?:了|过|得)|不错|可以|挺|清楚|讲|快|没赶上|之后|完了|还行"
    r"|很|印象|里|那天|有)|(?:看(?:了|过"
    r"|完)|听(?:了|完))[^,。;!?]{0,12}演示|上(?:次|周|礼拜|星期|周五|回)[^,。;!?]{0,14}(?:演示"
    r"|展厅|展示|来讲|看的)"
    r"|在你们展厅|(?:你们|小\w|您)(?:上次|上周|那天|昨天)?(?:演|讲|展示)的(?:那|东西|这)|展厅"
    r"|\b(?:(?:demo|walk-?through|presentation|show-?and-?tell"
    r"|demonstration)\b[^.;!?]{0,30}\b(?:was|went|impress\w*|yesterday|last|good|great|liked"
    r"|showed|helpful|useful|fine)"
    r"|(?:liked|loved|saw|seen|watched|enjoyed|after|thanks for|missed|caught"
    r"|since) (?:\w+ ){0,6}(?:demo|walk-?through|presentation|demonstration)\b|(?:in|from|at"
    r"|during) the (?:demo|walk-?through|presentation)"
    r"|you (?:showed|demoed|demo'd|presented|walked)|(?:thing|what|stuff|bit|part"
    r"|version) you (?:showed|demoed))\b"
)
_EARLY = re.compile(
    r"还没(?:看|听|做|约|安排)[^,。]{0,6}(?:演示|方案|报价)|(?:刚|才)(?:开始|立项|启动)"
    r"|先(?:了解|摸摸|看看)|(?:初步|前期)(?:了解"
    r"|沟通|调研|摸底)|(?:需求|要求)[^,。]{0,8}(?:梳理|整理|清单|写|汇总|定)|摸底|立项(?:报告"
    r"|书|材料)?"
    r"|\b(?:haven't (?:seen|had|booked) (?:\w+ ){0,3}(?:demo|anything)|early days"
    r"|just (?:started|starting|looking)|gathering requirements|requirements (?:list|doc\w*"
    r"|gathering)|scoping|still (?:scoping|mapping|figuring)|shortlist\w*|first (?:call"
    r"|conversation|chat|meeting))\b"
)
_LOST = re.compile(
    r"(?:这边|咱们|你们|合作)[^,。]{0,6}就到这(?:儿|里)?了|(?:决定|定|选|敲定|确定)(?:了|下来"
    r"|的是|的|是)?(?:用|上|跟|由|给)(?!你"
    r"|贵|您)[^,。;!?]{2,8}(?=$|[,。;!])(?<!试用)|没(?:能)?选(?:上|你们|贵)|(?:公示"
    r"|中标)[^,。]{0,12}(?:不是你们|他们"
    r"|别家)"
    r"|(?:这次|这回|今年|项目)[^,。]{0,6}(?:不做|不上|不买|不搞|不考虑|停|撤|作罢|搁)(?:了|掉)"
    r"|(?:抱歉|对不起|遗憾"
    r"|不好意思)[^。]{0,30}(?:没缘分|下次|以后(?:再)?有机会|选了|定了别|不能"
    r"|没法)[^。]{0,8}(?:合作|别家|他们|机会)"
    r"|下次(?:再)?(?:有机会)?合作"
    r"|\b(?:(?:went|gone|going|go|decided) (?:in )?(?:a different|another) (?:direction|way"
    r"|route)|(?:went|gone|going|sticking|staying) with (?!you|your|the (?:plan|trial|pilot)"
    r"|it|this|that|one|both|a |an |our (?:gut|plan))\w+|chose (?!you)\w+ (?:instead|over you)"
    r"|(?:not|won't be|isn't) (?:moving|going|taking) (?:this |it )?(?:forward|ahead|further)"
    r"|(?:closing|closed|ending|ended|pulled the plug on|pulling the plug on|calling off"
    r"|called off|shelv\w+|scrapp\w+|killed) (?:out )?(?:the|our|this) (?:evaluation|project"
    r"|search|process|tender|rfp|initiative|purchase)"
    r"|(?:end of the road|the end of it for us|parting ways|you didn't make it|not the outcome"
    r"|picked someone else|signed with (?!you)\w+|awarded (?:it )?to (?!you)\w+|lost out"
    r"|runner-?up|second place|better luck|door is closed|we're out\b|stand(?:ing)? down"
    r"|don't send anything))\b"
)
_WON = re.compile(
    r"合同[^,。]{0,8}(?:签(?:好|完|了|掉)|盖(?:好|完)?了?章|生效|寄(?:回|出))|(?:双方"
    r"|章)(?:都)?(?:签|盖)(?:好|完|了)"
    r"|订单(?:已经?)?(?:下|发|给)(?:了|你们|出)"
    r"|\b(?:(?:fully|both) (?:executed|signed)|countersigned|(?:signed|executed) (?:contract"
    r"|agreement|copy|order)|(?:po|purchase order)\b[^.;!?]{0,20}\b(?:issued|went out|is out"
    r"|sent|cut|raised)|(?:i|we|she|he|they) signed (?:it|the (?:contract|agreement"
    r"|order)) (?:yesterday|today|this morning|on|last))\b"
)
_NOT = re.compile(
    r"(?:没|未|还不|不|别|等|如果|要是|才|再|准备|打算|下一?步|计划|希望|预计|之后"
    r"|以后)[^,。;]{0,6}$|(?:\b(?:not|never|no"
    r"|haven't|hasn't|isn't|before|until|once|if|when|will|would|should|want|need|please"
    r"|can you|could you|next|plan\w*|after)\b|n't|'ll)(?: \w+){0,3} ?$"
)
_OTHERS = re.compile(
    r"另(?:外|一)|别的|隔壁|他们(?:院|厂|家|公司)|去年|前年|以前|那是|三年前"
    r"|\b(?:other project|another project"
    r"|last year|years ago|back in|their|at my old|used to)\b"
)
# How papers go at the buyer's, whenever they will.
_ROUTE = re.compile(
    r"流程(?:是|上|一般)|一般(?:是|要)|先[^。]{1,20}再[^。]{1,20}(?:再|最后|然后)"
    r"|\b(?:first|then)\b[^.]+\bthen\b|\bgoes like this\b|\bthe (?:process|procedure|order) is\b"
)
# Some of the sites dropped is not the purchase dropped.
_PARTLY = re.compile(r"只(?:做|上|要)|[个家]厂|(?:先|就)(?:做|上)[^,。]{1,6}[,。]")
# A trial that is over.
_TRIED = re.compile(
    r"(?:试用|试点|试跑|测试|poc)[^,。]{0,6}(?:完|结束|收|到期|过了)|试完|\b(?:wrapped (?:that"
    r"|it|this) up"
    r"|(?:trial|pilot|poc|test)(?:'s| is| was)? (?:over|done|behind|finished|complete|wrapped)"
    r"|(?:trial|pilot) (?:wrapped|ended|finished))\b"
)
# What is aimed at has not happened.
_PLANNED = re.compile(
    r"争取|最[晚迟快早]|希望|打算|计划|准备|预计|之前|以前|[号日月底]前|下周|下个?月|等"
    r"|\b(?:hope|want|aim\w*|plan\w*|will"
    r"|expect\w*|until|once|before|next (?:week|month))\b|'ll"
)
_ORDER = (Stage.LEAD, Stage.QUALIFIED, Stage.DEMO, Stage.POC, Stage.PROPOSAL, Stage.NEGOTIATION)
_SIGNS = (
    (Stage.NEGOTIATION, _CONTRACT, _CONTRACT_STRONG),
    (Stage.PROPOSAL, _QUOTE, _QUOTE_STRONG),
    (Stage.POC, _TRIAL, _TRIAL_STRONG),
    (Stage.DEMO, _DEMO, _DEMO),
)
_END_SIGNS = ((Stage.LOST, _LOST), (Stage.WON, _WON))


def read(thread: Thread) -> Iterator[Found]:
    known = thread.deal.opportunity.stage
    if known is None:
        return
    is_tried = False
    for line in thread.customers:
        is_tried = is_tried or _TRIED.search(line.sentence.low) is not None
        stage = _happened(line, known, is_tried)
        if stage is not None:
            strength = WEAK if stage is known else 1.0
            yield Found("stage", Statement(stage.value, strength=strength), line)


def _happened(line: Line, known: Stage, is_tried: bool) -> Stage | None:
    """The stage that a line shows: the record's own by any sign of it, another by a plain one."""
    low = line.sentence.low
    if len(low) < 5 or _PARTLY.search(low) or _OTHERS.search(low) or _ROUTE.search(low):
        return None
    for stage, pattern in _END_SIGNS:
        if any(_stands(m, line) and not _PLANNED.search(low) for m in pattern.finditer(low)):
            return stage
    at = _ORDER.index(known) if known in _ORDER else len(_ORDER)
    for stage, _, plain in _SIGNS:
        if _contradicts(stage, known, at, is_tried) and any(
            _stands(m, line) for m in plain.finditer(low)
        ):
            return stage
    for stage, weak, _ in _SIGNS:
        if stage is known and any(_is_stated(m, line) for m in weak.finditer(low)):
            return stage
    if known in (Stage.LEAD, Stage.QUALIFIED) and _EARLY.search(low):
        return known
    return None


def _contradicts(stage: Stage, known: Stage, at: int, is_tried: bool) -> bool:
    """A trial beside a proposal, or a quote during a trial, says nothing against the record."""
    if known not in _ORDER or _ORDER.index(stage) <= at:
        return False
    if stage is Stage.PROPOSAL and known is Stage.POC:
        return is_tried
    return stage is not Stage.DEMO


def _is_stated(match: re.Match[str], line: Line) -> bool:
    return BLANK not in line.sentence.said[match.start() : match.end()]


def _stands(match: re.Match[str], line: Line) -> bool:
    low = line.sentence.low
    return _is_stated(match, line) and not _NOT.search(
        low[max(0, match.start() - 26) : match.start()]
    )
