"""Where the purchase stands in the customer's words, and the step they ask for.

Only plain words count: an ended evaluation, a trial that runs, a contract asked for or signed. What
`next_step` facts mean is decided against the record's own step in agents.intent.deviations.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.intent.fact_sentence import BLANK, Sentence, Statement
from agents.intent.fact_steps import read_step
from core.domain import Stage

_CUE = re.compile(
    r"合同|项目|用|中标|遗憾|到此为止|暂不|不[做上搞买]了|叫停|下马|搁浅|黄了|评估|评测|选型"
    r"|选[了择]|别家|考虑|试用|试点|试运行|poc|法务|律师|报价|方案"
    r"|演示|取消|终止|签|盖章|采购|搁置|安审|审|案例|发[我给一]|上线|标书|拜访|参观|会|已经?|完"
    r"|\b(?:contract|agreement|evaluat\w+|forward|ahead|proceed\w*|chosen|chose|selected|decided"
    r"|went with|going with|gone with|pilot|trial|poc|proof|legal|lawyers?|solicitors?|counsel"
    r"|quote|proposal|demo|cancel\w*|sign\w*|project|purchase order|po|redlines?|references?"
    r"|report|visit|workshop|call|meeting|walkthrough|review|questionnaire|send|invoice|draft"
    r"|pricing|nda)\b"
)
_STEMS = frozenset(
    "cont agre eval forw ahea proc chos deci went goin gone pilo tria poc proo lega lawy soli"
    " coun quot prop demo canc sign proj purc po redl refe pick favo regr awar comm inte stay"
    " stic take taki"
    " repo visi work call meet walk revi ques send invo draf pric nda sele pick stop endi ende"
    " end term scra appr boar comm secu samp trai pass pape msa".split()
)
_LOST = re.compile(
    r"(?:决定|已经?|最后|最终)?(?:选了?|选择了?|定了|选定了?|用了|改用|签了|跟了)(?!你们|贵|您"
    r"|日|时|在|一|今|明|下|周|个|吗"
    r"|\d)[^,。]{0,3}(?:别家|另外?一?家|其他家|他们家?|他家|友商|对手|[^,。]{2,8}(?:家|科技|软件"
    r"|公司))"
    r"|(?:不再|决定不|不打算|不准备|没打算)(?:考虑|推进|继续|采购|往下|买|用|做)(?:了|你们|贵|这"
    r"|下去)?|(?:项目|采购|选型|评估|这事"
    r"|这单)[^,。]{0,8}(?:取消|终止|中止|叫停|下马|黄了|不做了|到此为止|结束了|作废)"
    r"|(?:结果|确定|选定|定为?)[^,。]{0,3}(?:是|为)(?!你们|贵|您)[^,。]{2,10}(?:中标|入选|胜出)"
    r"|遗憾[^。]{0,30}(?:中标|落选"
    r"|未(?:能)?入选|另一家|其他|别家)|(?:暂不|暂时不|先不|不予|决定不)(?:采购|购买|考虑采购"
    r"|引进|上这)|(?:合作|谈判|沟通|评估)?到此为止"
    r"|(?<![就先])(?:不[做上搞买]了|不采购了|不推进了|叫停了|下马了|搁浅了|黄了)(?=$|[,。;])"
    r"|(?:终止|取消|停止|结束)(?:了)?(?:本次|这次"
    r"|对(?:你们|贵司)的|这个|该)(?:评估|选型|项目|采购|谈判)|(?:你们|贵司|贵方)(?:没有?|未能?"
    r"|落)(?:入围|中标|入选|选)|不(?:和|跟"
    r"|与)(?:你们|贵司|贵方)(?:继续|往下|合作)"
    r"|\b(?:(?:we've|we have|we|have|board|committee|management) (?:\w+ )?(?:decided|chosen"
    r"|opted|elected) (?:not to (?:proceed|go|move|buy|continue|pursue|purchase|renew|take|sign"
    r"|invest)|against|to (?:keep|cancel|shelve|drop|abandon|discontinue)|in favou?r of"
    r"|to (?:go with|stay with|stick with|buy from|end|stop|cancel|terminate)(?! you\b| yours)"
    r"|another|a different|someone else|your competitor|the other)"
    r"|(?:gone|went|going) with (?:another|someone else|a different|your competitor|the other"
    r"|a competitor|[a-z]+ instead)|(?:selected|chose|chosen|picked) (?:another|a different"
    r"|your competitor|the other|someone else)"
    r"|(?:won't|will not|not|no longer|are not|aren't|isn't|cannot) (?:be )?(?:moving forward"
    r"|going (?:ahead|forward)|proceeding|proceed|moving ahead|move forward|go ahead"
    r"|pursu\w+ this|continu\w+ (?:with (?:you|the evaluation|this)|the evaluation))"
    r"|(?:project|evaluation|purchase|initiative|procurement|tender|rfp) (?:has been|was|is|got"
    r"|have been)(?: now| officially)? (?:cancell?ed|terminated|scrapped|stopped|killed"
    r"|shelved for good|called off|closed without|dropped)"
    r"|(?:ending|ended|end|stopping|stopped|terminat\w+|cancell?\w*|closing) (?:the|our"
    r"|this) (?:evaluation|project|purchase|procurement|talks|negotiations)|you (?:were|are"
    r"|have) (?:not |un)(?:been )?(?:selected|successful|shortlisted)|decided to pass"
    r"|regret to (?:inform|tell|let you know)[^.]{0,60}(?:another|not|other|different"
    r"|unsuccessful)|(?:awarded|gave|given) (?:the )?(?:contract|business|project|order"
    r"|work) to (?!you)|contract (?:went|has gone|goes) to (?!you)|taking this (?:no"
    r"|any) further|no longer interested|(?:stay|stick|staying|sticking) with (?:our"
    r"|the) (?:existing|current|old|incumbent)|(?:committee|board|panel|team|management"
    r"|we)(?:'ve| has| have)? (?:chosen|selected|picked|preferred) (?!you\b|your\b)(?:another"
    r"|a different|[a-z]+ (?:over|instead)))\b"
)
_WON = re.compile(
    r"(?<!把)(?:合同|协议)(?:我们|双方|王总|领导)?(?:已经?|都|今天|昨天|前天|上周|上午|下午|刚"
    r"|双方)*(?:签(?:好"
    r"|完|了|过|署完毕|署完成|署好)|盖(?:好|完|了)?章|生效)"
    r"|(?:已经?|都|昨天|今天|刚)(?:签完|签好|签了|盖好|盖了)(?:合同|协议|章)|双方盖章"
    r"|采购订单已经?(?:下|发|出)"
    r"|\b(?:(?:contract|agreement|order form) (?:is|was|has been|came back|attached)(?: now| fully"
    r"| already| finally)? (?:signed|countersigned|executed)|(?:signed|countersigned"
    r"|executed) (?:the )?(?:contract|agreement|order form|copy)(?: \w+){0,2} (?:attached|back"
    r"|yesterday|today|this morning|is in|enclosed)"
    r"|(?:we|i|he|she|they)(?:'ve| have| has)? (?:now |just |already |both )*(?:signed"
    r"|countersigned|executed) the (?:contract|agreement|order form)|(?:purchase order"
    r"|po)(?: \S+)? (?:is |was |has been )(?:issued|sent|placed|released|raised))\b"
)
_TRIAL_RUNS = re.compile(
    r"(?:试用|试点|试运行|poc|测试环境)(?:系统|这边|项目)?(?:已经?|正|现在|目前|也|都"
    r"|从[^,。]{1,10}|上周|周[一二三四五]|昨天"
    r"|今天)*(?:在跑|跑起来|在进行|进行中|开始了|启动了|跑了|在用|上线了|进行(?:了|到)|跑得"
    r"|运行了|装好了|开始(?=$|[,。]))"
    r"|(?:已经?|正在?)(?:开始)?(?:在)?(?:试用|跑试点|做试点|跑poc|做poc)(?:了|中|第|你们"
    r"|[^,。]{0,6}(?:天|周))|试用(?:到"
    r"|进入)(?:了)?第"
    r"|\b(?:(?:pilot|trial|poc|proof of concept) (?:is|has been|'s been|'s|are)(?: now"
    r"| currently| already| well| still)? (?:running|under ?way|live|in progress|up and running"
    r"|going (?:well|on)|in (?:its|the) (?:\w+) week|started|kicked off|begun)"
    r"|(?:pilot|trial|poc|proof of concept) (?:started|kicked off|began|went live)|(?:we're"
    r"|we are|now|currently) (?:in the (?:middle|\w+ week) of|\w+ (?:days|weeks) into|running"
    r"|halfway through|midway through) (?:the|your|a|our) (?:pilot|trial|poc|proof))\b"
)
_CONTRACT_STAGE = re.compile(
    r"(?:法务|律师)(?:部|那边|这边|团队|同事)?(?:已经?|正|都|也|今天|昨天|上周|全部)*(?:在审"
    r"|在看|审(?:完|过|好|了|核)|看完|看过|通过"
    r"|没(?:有)?(?:意见|问题)|过了|改完|走完|批了|确认)[^,。]{0,6}|(?:把|请|麻烦|可以|尽快"
    r"|先)?[^,。]{0,6}(?:合同|协议)(?:终稿|正本"
    r"|文本|草稿|定稿|版本|盖章版|电子版)*(?:发|寄|给|传)(?:我|过来|给我|一下|来|一份)"
    r"|发(?:我|一下|一份|过来|给我)?(?:一份|一版|你们的|正式的?)?(?:合同|协议)(?!模板|范本)"
    r"|(?:合同|商务)条款(?:基本|已经?|都|还在)*(?:谈"
    r"|定|确认|改|过)|(?:进入|走到|开始)(?:了)?(?:商务|合同)(?:谈判|审批|流程|阶段)?"
    r"|合同[^,。]{0,6}(?:进入|走到?|在走"
    r"|上了?)[^,。]{0,4}(?:审批|流程|会签|oa)|走合同(?:审批|流程)?|法务[^,。]{0,12}没有?(?:异议"
    r"|意见|问题)|可以(?:走|签)合同"
    r"|\b(?:(?:legal|lawyers?|solicitors?|counsel)(?: team| department)? (?:is|are|has|have|'s"
    r"|finished|accepted|cleared|approved|signed off|completed|went through|have no|has no"
    r"|came back)(?: now| currently| already| all| both)* ?(?:done|finished|cleared|approved"
    r"|accepted|completed|reviewing|redlin\w+|reviewed|no (?:comments|objections|issues|changes)"
    r"|signed off|happy|through|with (?:the )?(?:final|minor)|marking|going through|been through"
    r"|on [^,.]{0,20})?"
    r"|send (?:us |me |over |across |through |along |back )*(?:the |your |a |an? )?(?:final "
    r"|revised |signature |clean |execution |signing |draft "
    r"|countersign\w+ )*(?:version of the )?(?:contract|agreement|order form|msa"
    r"|paperwork)(?! template)|ready to sign|redlines? (?:are|is|attached|came|on)"
    r"|contract (?:terms|redlines)|draft (?:contract )?(?:\d+|three|two) )"
)
_EARLY = re.compile(
    r"(?:方案|报价|演示|demo)[^,。]{0,10}还?没(?:有)?(?:收到|看到|拿到|看过|做|见|讲)|(?:还"
    r"|都还)?(?:没|没有|未)(?:看过|见过|收到"
    r"|拿到)(?:过)?(?:你们|贵司|贵方)?(?:的)?(?:演示|demo|方案|报价|正式报价|正式方案)|(?:还"
    r"|目前|现在)(?:只是"
    r"|还)?(?:处)?(?:在)?(?:前期)?(?:调研|摸底|了解)阶段"
    r"|\b(?:(?:haven't|have not|hasn't|never) (?:even |yet |actually )*(?:seen|received|had|got"
    r"|gotten) (?:a |any |your |the )*(?:\w+ )?(?:demo|proposal|quote|offer|pricing)|(?:still"
    r"|only|just) (?:at (?:a|the) (?:very )?early stage|gathering information|exploring"
    r"|researching|doing our homework))\b"
)


# First match wins; the stems spare an English sentence the pattern.
_STAGES = (
    (
        _LOST,
        Stage.LOST,
        frozenset(
            "forw ahea proc purs cont gone goin went sele chos pick canc term scra stop kill"
            " shel call drop"
            " clos endi end ende pass regr awar gave give taki inte stay stic deci opte elec"
            " pref succ shor".split()
        ),
    ),
    (_WON, Stage.WON, frozenset("sign coun exec issu sent plac rele rais".split())),
    (_EARLY, Stage.QUALIFIED, frozenset("have hasn neve stil only just".split())),
    (
        _CONTRACT_STAGE,
        Stage.NEGOTIATION,
        frozenset("lega lawy soli coun send read redl cont draf".split()),
    ),
    (_TRIAL_RUNS, Stage.POC, frozenset("pilo tria poc proo".split())),
)


def read(sentence: Sentence) -> Iterator[tuple[str, Statement]]:
    if not sentence.hints(_STEMS, _CUE):
        return
    stage = _stage(sentence)
    if stage is not None:
        yield "stage", Statement(stage.value)
    for turn in read_step(sentence):
        yield "next_step", Statement(turn)


def is_of_the_whole(sentence: Sentence) -> bool:
    """Whether a refusal is of the purchase, not of a part, and is stated."""
    return BLANK not in sentence.said and not _PART.search(sentence.said)


# Last year's affair, or some of the sites.
_NOT_THIS = re.compile(r"^去年|^前年|只做|只上|只要")


def _stage(sentence: Sentence) -> Stage | None:
    if _NOT_THIS.search(sentence.low):
        return None
    if _rival_won(sentence):
        return Stage.LOST
    for pattern, stage, stems in _STAGES:
        if not sentence.is_han and stems.isdisjoint(sentence.stems):
            continue
        for match in pattern.finditer(sentence.said):
            if stage is Stage.LOST and _PART.search(_before(match, sentence.said)):
                continue
            if BLANK not in match.group() and not _is_denied(match, sentence.said, stage):
                return stage
    return None


_PICKED = re.compile(
    r"(?:选|选择|用|定|签|给|跟)(?:了|的是|定了?)?$|(?:选定|敲定|中标的?是|胜出的?是)(?:了)?$"
    r"|\b(?:picked|chose|chosen|selected|went with|going with|go with|gone with|decided (?:on"
    r"|for)|favou?red|signed with|(?:contract|business|deal|order) (?:went|goes|has gone) to"
    r"|awarded (?:it |the \w+ )?to) $"
)
_FINALLY = re.compile(
    r"最后|最终|决定|已经|拍板|定了|中标|选定|结果|遗憾|抱歉|\b(?:picked|chose|chosen|selected"
    r"|went|gone|decided"
    r"|signed|awarded|favou?red|goes|sorry)\b"
)


def _rival_won(sentence: Sentence) -> bool:
    """A rival on record was chosen; what was chosen earlier for elsewhere is blanked."""
    for name in sentence.deal.opportunity.competitors:
        stem = name.lower()[: 2 if sentence.is_han else len(name)]
        at = sentence.said.find(stem)
        if at >= 0 and _PICKED.search(sentence.said[:at]) and _FINALLY.search(sentence.said):
            return re.search(r"没有?|\b(?:not|never|hasn't|haven't)\b", sentence.said[:at]) is None
    return False


_NEGATION = re.compile(
    r"(?:没有?|还没|不是|未|不会|别|等|等到|待|之前|还不)[^,。]{0,6}$|(?:\b(?:not|never|no"
    r"|before|until|once|after"
    r"|when|as soon as|hasn't|haven't|isn't|without|nobody)\b|n't)(?: \w+){0,4} ?$"
)
_WANTED = re.compile(
    r"争取|希望|之前|以前|尽快|打算|计划|准备|预计|等|就可以|就能|下周|下个?月|\b(?:hope|want"
    r"|aim\w*|plan\w*|will|expect\w*"
    r"|until|once|before|next (?:week|month))\b|'ll"
)
_AFTERWARDS = re.compile(r"^[^,。]{0,3}(?:之前|以前|前|才|之后|以后|后(?!面)|再)")


def _before(match: re.Match[str], said: str) -> str:
    """The clause up to the match and the match itself."""
    start = max(said.rfind(mark, 0, match.start()) for mark in ",。;") + 1
    return said[start : match.end()]


# Dropping a module or a demo is not dropping the purchase.
_PART = re.compile(
    r"试用|演示|定制|培训|模块|功能|接口|参观|拜访|会议|试点|大屏|报表|硬件|活动|\b(?:demo"
    r"|module|training|visit|meeting"
    r"|feature|add-?on|option|workshop|call)s?\b"
)


def _is_denied(match: re.Match[str], said: str, stage: Stage) -> bool:
    ahead = said[max(0, match.start() - 24) : match.start()]
    if stage in (Stage.WON, Stage.NEGOTIATION, Stage.POC) and _NEGATION.search(ahead):
        return True
    if stage is Stage.LOST and re.search(
        (
            r"(?:没有?|不会|并未|没说|不是说|哪怕)[^,。]{0,4}$|\b(?:not|haven't|hasn't"
            r"|never) (?:\w+ )?$"
        ),
        ahead,
    ):
        return True
    if stage is Stage.WON and _WANTED.search(_before(match, said)):
        return True
    if stage is Stage.NEGOTIATION and re.search(
        r"\b(?:not|hasn't|haven't|isn't|aren't)\b|n't|没审|未审|还没", match.group()
    ):
        return True
    return bool(stage is not Stage.LOST and _AFTERWARDS.search(said[match.end() :]))
