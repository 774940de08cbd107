"""Budget status and the sum of this purchase."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from agents.intent.fact_competitors import vendors_named
from agents.intent.fact_funds import is_other_purse
from agents.intent.fact_sentence import BLANK, Clause, Sentence, Statement
from core.text.quantities import Quantity

APPROVED, DOUBTFUL = "approved", "doubtful"
# "It goes to the board next week": not approved, yet nobody doubts it.
PENDING_STRENGTH = 0.6
# An even chance with the budget's own words, else as sure as the recogniser mostly is when right.
LEAST_P, SURE_P = 0.5, 0.7
_STATUS_INTENTS = frozenset({"money.budget_doubt", "money.budget_ready"})

_BUDGET = re.compile(
    r"预算|经费|拨款|专项|投资|资金|这笔钱|这个钱|款项|额度|财政|立项|支出|费用|钱(?!总)"
    r"|采购申请|技改|审批"
    r"|\b(?:budgets?|budgeted|funding|funds|funded|capex|opex|capital|spend(?:ing)?|money"
    r"|business case|requisition|"
    r"investments?|cash|allocation|grant|financing|unfunded)\b"
)
# A sum that was approved is a budget by itself.
_SELF_EVIDENT = re.compile(
    r"过会了|批下来了|[\d一二三四五六七八九十百]万[^,。]{0,6}(?:批|过会|到位)"
    r"|(?:[£$€¥]\s?\d[\d.,]*\w?|\d+ ?k)\b[^,.]{0,20}"
    r"\b(?:approved|signed off|earmarked|set aside|frozen|released)"
)
_OTHER_BUDGET = re.compile(
    r"(?:差旅|招聘|市场|推广|培训|团建|装修|广告|年会|人头|食堂|活动|办公|福利|营销"
    r"|出差)(?:费用?|类)?(?:的)?(?:预算|经费|费用)"
    r"|\b(?:travel|hiring|marketing|headcount|recruit\w*|training|advertis\w+|events?|catering"
    r"|office|party|canteen|"
    r"furniture|facilities|bonus)(?:'s)? (?:budget|funding|funds|money|freeze|spend\w*)\b"
)
_DOUBT = re.compile(
    r"(?<!解)冻(?:结|住)?(?!品)|砍|被?(?:压缩|缩减|削减|裁减|调减|核减)|收紧|(?<![就要会])收回"
    r"|(?<!不)卡(?:住"
    r"|在|着|了)|批不下来|下不来|驳回|退回|打回"
    r"|被否|否(?:了|决)|暂停|停(?:了|掉)"
    r"|取消了|待批|待审|没着落|悬(?!殊)|再议|不松口|用完|用光|花完|花光|(?:要|得|只能)?报明年"
    r"|明年的计划|等明年|明年再|放到明年|排不上|不(?:再)?新增"
    r"|压减|缩水|下调|调减|挪(?:走|用|给)|(?<!没)(?<!没有)(?:不够|不足|紧张|吃紧|有限|太少|偏紧)"
    r"|没有?(?:这笔|这个|这块|专门的?|列)?(?:预算"
    r"|经费|资金|钱)"
    r"|(?:还|仍)在?(?:走|报|审批?|排队|申请|争取)|在(?:走|报|审)(?=审?批|流程|中|$)|没列|未列"
    r"|(?:要|得)(?:重新|再)(?:报|申请|批|审)"
    r"|黄了|泡汤"
    r"|\b(?:froze|frozen|freez\w+|on hold|on ice|cut(?!-)|slash\w*|pull(?:ed)?(?= |$"
    r"|[,.])(?! together)|withdrawn|clawed back|taken away|reallocated|redirected|"
    r"paused?|suspended|pending|turned down|rejected|declined|refused|denied|knocked back"
    r"|sent back|bounced|unapproved|unfunded|no (?:approved )?(?:budget|"
    r"money|funds|funding|capital|cash)(?! (?:issue|problem|worr|concern))|insufficient|tight"
    r"|short|shortfall|stuck|evaporated|disappeared|vanished|gone|dried up|under review|in doubt|"
    r"(?:don't|doesn't|do not|does not|haven't|hasn't|won't|no longer) (?:\w+ )?(?:have|got"
    r"|had)(?: \w+){0,2} (?:budget|money|funds|funding|capital)|"
    r"ran out|run out|used up|stop(?:ped)? (?:all|\w+) (?:\w+ )?(?:invest|spend|purchas)\w*"
    r"|halt\w*|exhausted|fully (?:committed|allocated|spent)|nothing left|discretionary|shelved"
    r"|held back|lost (?:the|our|half)|reduced|halved"
    r"|trimmed|capped"
    r"|moratorium|embargo|at risk|not there|isn't there|up in the air|yet to|not enough)\b"
)
_READY = re.compile(
    r"(?<!审)批(?:了|下来|复|好|完|准|过|的)|获批|已批|走(?:完|好|通)|同意了?|专款专用|批文"
    r"|(?:已经?|都)?通过|过(?:会|审)|下来|到位|落实"
    r"|列(?:进|入|支)|预留|留(?:好|出|足|了)|下达|拨(?:了|下|付)|签(?:了|过|完)字|搞定|解冻|恢复"
    r"|有(?:这笔|这个|专门的?|了|这块)?(?:预算|经费|专项|资金)|(?:预算|资金|经费|钱)(?:这块|这边"
    r"|方面)?(?:已经?|都|是)?(?:有了|充足|够"
    r"|没问题|不是问题|ok)|定(?:下来|了)"
    r"|\b(?:approved|approval (?:came|has come|is in)|sign(?:ed)?[- ]off|signed|green-?lit"
    r"|green light|released|earmarked|ring-?fenced|secured|allocated|in place|set aside|"
    r"confirmed|cleared|funded|went through|came through|come through|got through|gone through"
    r"|made it through|unfrozen|unlocked|freed up|thawed|lifted|reinstated|restored|available"
    r"|budgeted|agreed|passed|granted|"
    r"put aside|reserved|committed|locked in|(?:we|i) (?:do )?have (?:the |a |our )?(?:budget"
    r"|money|funds|funding|capital)|in the (?:budget|plan|bank)|is there|through the board)\b"
)
_NOT = re.compile(
    r"(?:没有?|未|尚未|还没有?|不|别|无|无法|没能)(?:被|能|完全|正式|最终|真正|全部|得到|得|给|见"
    r"|见到|看到|拿到|收到|走|人|任何)*$"
    r"|(?:\b(?:not|never|no|without|yet to|nor|hardly|nobody|nothing|awaiting|waiting (?:for"
    r"|on))\b|n't|\b(?:hasnt|havent|isnt|wasnt|dont|doesnt|wont|cant)\b)(?: \w+){0,4} $"
)
_NOT_YET = re.compile(
    r"(?:\b(?:will|to be|should|expect\w*|hop\w+|until|till|before|once|pending|as soon as|when"
    r"|going to|gets?|trying|fight\w*|apply\w*|asking|would|may|might|unless|whether)\b"
    r"|'ll)(?: [\w']+){0,6} $"
    r"|(?:等|等到|预计|争取|将|将会|有望|下周|下个?月|正在|还要|还得|需要|要等|方可|才能|才会"
    r"|须待|可能|应该"
    r"|希望|一旦|待|尽快|想办法)[^,。]{0,9}$"
)
_NUMBER = re.compile(r"[\d百千万亿]|hundred|thousand|million")
_NOT_GIVEN = re.compile(
    r"(?:没有?|未|不)(?:肯|能|会|给|愿意)?(?:给|拿到|见到|放|放款|放行|松口|下达|着落|安排|同意"
    r"|点头)"
    r"|(?:n't|\b(?:not|never|cannot|no longer))(?: \w+){0,3} (?:give|given|gotten?|got"
    r"|receive[d]?|release|allocate[d]?|assign(?:ed)?|free|freed|find|found|unlock|spend"
    r"|commit)\b"
)
_WAITS = re.compile(r"^\s*(?:要|得|还要|还得|只能|先|需要)?等(?!保|级)")
_AFTER_NOT_YET = re.compile(
    r"^(?:不下来|不了)|^的?可能|^与否|^[^,。]{0,4}(?:之前|以前|才能?|再(?!说一)|之后再|后再"
    r"|以后再|吗)"
)
_RELATIVE = re.compile(r"\b(?:that|which) (?:was|had been|were|has been|we had)(?: \w+)? $")
_DENIED_DOUBT = re.compile(
    r"(?:没有?|没被|未|不|不会|不再|没有被|并没有?|不受|不在)(?:被|再|受|会)?$|(?:\b(?:not|never"
    r"|no longer|nothing"
    r"|without|despite|isn't|wasn't|aren't|no|outside|unaffected by|exempt from)\b"
    r"|n't)(?: \w+){0,3} $"
)
_UNAFFECTED = re.compile(
    r"不受影响|不影响|除外|不包括|不含|不在.{0,6}(?:范围|之列)|\b(?:unaffected|exempt"
    r"|doesn't (?:affect|apply|touch)"
    r"|does not (?:affect|apply|touch)|not affected|excluded|spared|except)\b"
)

_TOTAL = re.compile(
    r"总价|总额|总共|总计|合计|一共|全部下来|整体|打包(?:价)?|合同(?:总)?(?:额|金额|价|款)|报价"
    r"|成交价|总金额|金额|总的|总数|总预算|全包|订单|采购单"
    r"|最高限价|最终价|含税|按[^,。]{0,10}签"
    r"|\b(?:totals?|all[- ]in|contract (?:value|sum|price|amount)|contract|overall"
    r"|your (?:\w+ )?(?:quote|proposal|offer|price|bid|number|figure)|the (?:\w+ )?(?:quote"
    r"|proposal|price|offer)|"
    r"order value|purchase order|po|order|deal (?:is|at|size|value)|sum|comes? to|grand total"
    r"|bottom line|price in|final (?:price|figure|number|amount)|agreed (?:on|at|price)"
    r"|settled (?:on|at)|landed (?:on|at)|(?:whole|full) (?:thing|package|amount|scope))\b"
)
_BUDGET_SUM = re.compile(
    r"预算|经费|专项|资金|拨款|限价|\b(?:budget\w*|capex|capital|funding|funds|spend|earmarked"
    r"|set aside"
    r"|approved|ceiling|cap|full (?=[\d£$€]))"
)
_NOT_THIS_SUM = re.compile(
    r"每[台套个年月人席家点位店间床]|单价|一(?:台|套|个点|家|个人|个月)[^,。]{0,2}$|便宜|贵|省"
    r"|节省|节约|损失|产值|营收|营业额|罚|赔|差(?:价|额|了"
    r"|着)|定金|预付|首付|尾款|首期|押金|保证金"
    r"|降|让(?:利|价|了)|优惠|返利|去年|以前|之前|当时|去掉|增加|加(?:了|上|价)|多出|少(?:了|掉)"
    r"|超过|以上|以下|高出|低于|维保|运维|年费|培训费"
    r"|[首一二三]期|首笔|第[一二三]|差旅|模块|他们|人家|别家|另一家|对手|竞|希望|最好|能不能"
    r"|想要|目标"
    r"|\b(?:per|each|a (?:seat|store|unit|user|month|year|site|bed|head|day|piece|licen[cs]e)"
    r"|apiece|cheaper|less|more than|dearer|savings?|saves?|loss(?:es)?|lost|losing|revenue"
    r"|turnover|penalt\w+|fine|"
    r"deposit|down payment|upfront|up front|instal?ments?|last year|previous|used to"
    r"|they(?:'re)?|their|theirs|rival\w*|competitor\w*|other (?:vendor|quote|supplier|offer)s?"
    r"|off|discount|reduction|"
    r"cut|above|below|over(?= (?:a|[\d$€£]))|exceed\w*|difference|gap|extra|additional|on top"
    r"|maintenance|support fee|annual fee|training|travel|threshold|limit|anything|hope\w*"
    r"|target|get (?:it )?(?:down )?to|aim\w*|bring it|down to|"
    r"would like|instead of|not|shipping|module|option(?:al)?|phase|first|installation)\b"
)
# Smaller sums are unit prices, fees and snacks; larger ones are somebody's turnover.
_LEAST_SHARE = Decimal("0.3")
_MOST_TIMES = Decimal(4)
_NEAR_BEFORE, _NEAR = 60, 34
# What a total includes says nothing of what it is.
_INCLUDED = re.compile(
    r"(?:,|\b(?:after|including|incl|with|now that|covering|for)\b|包括|包含|含|加上?了?).*$"
)


_STEMS = frozenset(
    "budg fund cape opex capi spen mone busi requ inve cash allo gran fina unfu tota cont quot"
    " prop pric offe orde purc deal"
    " sum come comi bott figu numb agre sett land pack po earm set ceil cap full appr sign froz"
    " free rele all over whol".split()
)
_CUE = re.compile(
    f"{_BUDGET.pattern}|{_SELF_EVIDENT.pattern}|{_TOTAL.pattern}|{_BUDGET_SUM.pattern}"
)


def read(sentence: Sentence) -> Iterator[tuple[str, Statement]]:
    is_named = sentence.hints(_STEMS, _CUE) or not _STATUS_INTENTS.isdisjoint(sentence.intents)
    if not is_named and not _is_about_budget(sentence):
        return
    status = _budget(sentence)
    if status is not None:
        yield "budget_status", status
    total = _total(sentence) if is_named and _NUMBER.search(sentence.low) else None
    if total is not None:
        yield "amount", total


def _budget(sentence: Sentence) -> Statement | None:
    """The last status said: "it was frozen, but it has been released" ends well."""
    answered = _answer(sentence)
    if answered is not None:
        return answered
    if not _STATUS_CUE.search(sentence.low):
        return _recognised(sentence)
    is_carried = len(sentence.text) < 120 and _is_about_budget(sentence)
    found: list[Statement] = []
    waits = False
    for clause in sentence.clauses:
        if BLANK in clause.text or _OTHER_BUDGET.search(clause.text):
            continue
        if is_other_purse(clause.text):
            continue
        named = bool(_BUDGET.search(clause.text) or _SELF_EVIDENT.search(clause.text))
        if not named and not is_carried:
            continue
        if _UNAFFECTED.search(clause.text):
            found.clear()
            continue
        is_carried = True
        waits = waits or bool(_WAITS.search(clause.text))
        found += (
            _pending(_statuses(clause, is_named=named))
            if waits
            else _statuses(clause, is_named=named)
        )
    if found:
        return found[-1]
    return _recognised(sentence)


def _answer(sentence: Sentence) -> Statement | None:
    """A plain yes or no to "is the budget approved?"."""
    asked = sentence.asked.lower()
    if not asked or not _BUDGET.search(asked) or _OTHER_BUDGET.search(asked):
        return None
    ready, doubt = _READY.search(asked), _DOUBT.search(asked)
    said_yes, said_no = _YES.match(sentence.low), _NO.match(sentence.low)
    if bool(ready) == bool(doubt) or bool(said_yes) == bool(said_no):
        return None
    return Statement(APPROVED if bool(ready) == bool(said_yes) else DOUBTFUL, strength=0.9)


_YES = re.compile(
    r"\s*(?:是的?|对的?|嗯|有的?|批了|已经|都|yes|yep|yeah|it (?:is|has|was)|correct|absolutely"
    r"|sure)\b(?!.{0,20}(?:没|未|\bnot\b))|\s*(?:是的|对|批了|已经批)"
)
_NO = re.compile(
    r"\s*(?:还没|没有?(?!问题)|未|not yet|no\b(?! problem| worries|,? that was)|it (?:isn't"
    r"|hasn't|wasn't)|unfortunately not|i'm afraid not)"
)


def _is_about_budget(sentence: Sentence) -> bool:
    """Whether the words just before were about this budget."""
    context = f"{sentence.asked} {sentence.before}".lower()
    return _BUDGET.search(context) is not None and not _OTHER_BUDGET.search(context)


def _statuses(clause: Clause, *, is_named: bool) -> Iterator[Statement]:
    text = clause.text
    events = [(m.start(), m.end(), DOUBTFUL) for m in _DOUBT.finditer(text)]
    events += [(m.start(), m.end(), APPROVED) for m in _READY.finditer(text)]
    events += [(m.start(), m.end(), DOUBTFUL) for m in _NOT_GIVEN.finditer(text)]
    doubted = False
    for start, end, status in sorted(events):
        ahead, behind = text[:start], text[end:]
        if status == DOUBTFUL:
            if not _DENIED_DOUBT.search(ahead):
                doubted = True
                yield Statement(DOUBTFUL)
        elif _RELATIVE.search(ahead) and not doubted:
            continue
        elif _NOT.search(ahead):
            doubted = True
            yield Statement(DOUBTFUL)
        elif _NOT_YET.search(ahead) or _AFTER_NOT_YET.search(behind):
            if not doubted and is_named:
                yield Statement(DOUBTFUL, strength=PENDING_STRENGTH)
        elif not (doubted and _is_weak(text[start:end])):
            yield Statement(APPROVED)


_STATUS_CUE = re.compile(f"{_DOUBT.pattern}|{_READY.pattern}|{_NOT_GIVEN.pattern}|预算|budget")


def _pending(statements: Iterator[Statement]) -> Iterator[Statement]:
    """等投资计划会开完,额度下来: what is waited for has not come."""
    for one in statements:
        yield Statement(DOUBTFUL, strength=PENDING_STRENGTH) if one.value == APPROVED else one


def _is_weak(word: str) -> bool:
    """Words that also describe what was taken away: "the approved budget was cut"."""
    return word in (
        "approved",
        "available",
        "confirmed",
        "agreed",
        "budgeted",
        "committed",
        "allocated",
        "下来",
        "批",
    )


def _recognised(sentence: Sentence) -> Statement | None:
    """What the recogniser saw where no word decides; where no money is named it must be sure."""
    doubt = sentence.intents.get("money.budget_doubt", 0.0)
    ready = sentence.intents.get("money.budget_ready", 0.0)
    least = LEAST_P if _BUDGET.search(sentence.said) else SURE_P
    if max(doubt, ready) < least or min(doubt, ready) >= LEAST_P:
        return None
    if _OTHER_BUDGET.search(sentence.said) or _UNAFFECTED.search(sentence.said):
        return None
    if re.search(r"\?|不是问题|\b(?:not|no) (?:a |the )?(?:issue|problem|concern)", sentence.said):
        return None
    return Statement(DOUBTFUL if doubt > ready else APPROVED, strength=PENDING_STRENGTH)


def _total(sentence: Sentence) -> Statement | None:
    if not (_TOTAL.search(sentence.said) or _BUDGET_SUM.search(sentence.said)):
        return None
    totals = [q for q in sentence.quantities if _is_total(q, sentence)]
    values = {q.value for q in totals}
    if len(values) != 1 or _is_rivals(totals[0], sentence):
        return None
    return Statement(str(totals[0].value), totals[0].text)


def _is_total(quantity: Quantity, sentence: Sentence) -> bool:
    if quantity.kind not in ("money", "number") or not _is_plausible(quantity, sentence):
        return False
    clause = next((c for c in sentence.clauses if c.start <= quantity.start < c.end), None)
    if clause is None:
        return False
    around = sentence.said[
        max(clause.start, quantity.start - _NEAR_BEFORE) : min(clause.end, quantity.end + _NEAR)
    ]
    ahead, _, behind = around.partition(quantity.text.lower())
    behind = _INCLUDED.sub("", behind)
    bare = f"{ahead} {behind}"
    is_other = _NOT_THIS_SUM.search(f"{ahead[-_NEAR:]} {behind}")
    if BLANK in bare or is_other or _rival_named(clause, sentence):
        return False
    is_total = _TOTAL.search(bare) or _TOTAL.search(
        sentence.said[max(0, clause.start - 24) : clause.start]
    )
    if is_total and not _BUDGET_SUM.search(bare):
        return True
    known = sentence.deal.opportunity.amount
    value = quantity.value
    # A budget above the price is no contradiction; one below it is.
    return (
        bool(_BUDGET_SUM.search(bare))
        and isinstance(value, Decimal)
        and known is not None
        and value <= known
    )


def _is_plausible(quantity: Quantity, sentence: Sentence) -> bool:
    known = sentence.deal.opportunity.amount
    currency = sentence.deal.opportunity.currency
    if not isinstance(quantity.value, Decimal) or quantity.value < 1000:
        return False
    if quantity.kind == "money" and quantity.unit and currency and quantity.unit != currency:
        return False
    if quantity.kind == "number" and quantity.unit:
        return False
    return known is None or known * _LEAST_SHARE <= quantity.value <= known * _MOST_TIMES


def _is_rivals(quantity: Quantity, sentence: Sentence) -> bool:
    """禾序人事来演示过,报价二十六万: the vendor named before the sum asks for it."""
    names = vendors_named(sentence)
    return any(0 <= sentence.low.find(name.lower()) < quantity.start for name in names)


def _rival_named(clause: Clause, sentence: Sentence) -> bool:
    return any(name.lower() in clause.text for name in sentence.deal.opportunity.competitors)
