"""Budget status and the sum of this purchase."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from agents.intent.fact_sentence import Sentence, Statement
from core.text.quantities import Quantity

APPROVED, DOUBTFUL = "approved", "doubtful"

_BUDGET = re.compile(
    r"预算|经费|拨款|专项资金|立项资金|投资计划|资金|这笔钱|额度|批文|财务"
    r"|\b(?:budgets?|funding|funds|capex|opex|spend|money)\b",
    re.IGNORECASE,
)
_DOUBT = re.compile(
    r"冻结|砍(?:了|掉|到|一|半)|没批|未批|没有批|还没.{0,6}(?:批|过|下来|落实|着落)|尚未.{0,4}(?:批|落实|到位)|没(?:过|通过)"
    r"|没有?预算|预算(?:没|不够|不足|紧|有限|吃紧|被压|缩|收紧)|暂停.{0,4}(?:支出|投资|审批)|卡(?:住|在)|批不下来"
    r"|被(?:驳回|退回|打回|压)|不批|取消了|收回|还在(?:走|报|审)|待批|没着落|悬"
    r"|\b(?:frozen|freeze|on hold|cut|slashed|pulled|withdrawn|not (?:yet )?(?:been )?(?:approved|signed off|"
    r"released|confirmed|secured)|isn't (?:approved|there)|hasn't (?:been )?(?:approved|signed|released|cleared|come "
    r"through)|haven't (?:got|had|secured)|no (?:budget|money|funds|funding)|unapproved|unfunded|paused|"
    r"suspended|still (?:waiting|pending)|pending|turned down|rejected)\b",
    re.IGNORECASE,
)
_READY = re.compile(
    r"批(?:了|下来|复了|好了|完)|已(?:经)?(?:批|获批|通过|落实|到位|下达|过会)|过会了|通过了|下来了|到位了?|落实了|列(?:进|入)|预留|留好"
    r"|有(?:这笔|这个|专门的?)?预算|签(?:了|过)字|拨(?:了|下来)|定下来"
    r"|\b(?:approved|signed off|green-?lit|released|earmarked|ring-?fenced|secured|allocated|in place|"
    r"set aside|confirmed|cleared|funded|went through|came through|got through)\b",
    re.IGNORECASE,
)
_DENIED_DOUBT = re.compile(
    r"不是问题|没问题|没有?(?:被)?(?:冻结|砍|卡)|解冻|恢复了?|not (?:a|an|the) (?:issue|problem)|"
    r"no longer (?:frozen|on hold)|unfrozen|lifted",
    re.IGNORECASE,
)

_TOTAL = re.compile(
    r"总价|总额|总共|总计|合计|一共|全部下来|整体|打包|合同(?:额|金额|价)|预算(?:是|就|为|批|定|只有|总共|一共|金额|额度)?|报价|这单|这个项目|成交价|批了"
    r"|金额|总的"
    r"|\b(?:total|all[- ]in|contract value|contract sum|overall|budget (?:is|of|for)|budgeted|your (?:quote|proposal|"
    r"offer)|the quote|order value|purchase order|approved|deal (?:is|at)|sum|comes to|grand total|bottom line)\b",
    re.IGNORECASE,
)
_NOT_THIS_SUM = re.compile(
    r"每(?:台|套|个|年|月|人|席|家|点)|单价|一(?:台|套|个点|家)|便宜|少(?:了)?|多(?:了)?|贵|省|节省|节约|损失|产值|营收|罚|差(?:价|了|着)|定金|预付|首付|尾款"
    r"|降|让(?:利|价|了)|优惠|去年|以前|之前|当时|他们(?:报|那边|给)|人家|别家|另一家|对手|竞"
    r"|\b(?:per|each|a (?:seat|store|unit|user|month|year|site)|cheaper|less|more than|dearer|savings?|save|loss|"
    r"losing|revenue|turnover|penalty|deposit|down payment|instal?ments?|last year|previous|used to|they (?:are|"
    r"quoted|came)|rival|competitor|other (?:vendor|quote|supplier)|off|discount|cut)\b",
    re.IGNORECASE,
)
# Smaller sums are unit prices, fees and snacks.
_LEAST_SHARE = Decimal("0.2")
_MOST_TIMES = Decimal(5)


def read(sentence: Sentence) -> Iterator[tuple[str, Statement]]:
    status = _budget(sentence)
    if status is not None:
        yield "budget_status", Statement(status)
    total = _total(sentence)
    if total is not None:
        yield "amount", total


def _budget(sentence: Sentence) -> str | None:
    text = sentence.text
    doubt = "money.budget_doubt" in sentence.intents
    ready = "money.budget_ready" in sentence.intents
    named = bool(_BUDGET.search(text)) or doubt or ready
    if not named or sentence.is_question:
        return None
    says_doubt = bool(_DOUBT.search(text)) and not _DENIED_DOUBT.search(text)
    says_ready = bool(_READY.search(text))
    if says_doubt:
        return DOUBTFUL
    if says_ready and not doubt:
        return APPROVED
    if doubt != ready:
        return DOUBTFUL if doubt else APPROVED
    return None


def _total(sentence: Sentence) -> Statement | None:
    text = sentence.text
    if sentence.is_question or not _TOTAL.search(text):
        return None
    sums = [q for q in sentence.quantities if q.kind == "money" and _plausible(q, sentence)]
    sums = [q for q in sums if not _belongs_elsewhere(q, text) and not _rival_named(q, sentence)]
    if len(sums) != 1:
        return None
    return Statement(str(sums[0].value), sums[0].text)


def _plausible(quantity: Quantity, sentence: Sentence) -> bool:
    known = sentence.deal.opportunity.amount
    currency = sentence.deal.opportunity.currency
    if not isinstance(quantity.value, Decimal):
        return False
    if quantity.unit and currency and quantity.unit != currency:
        return False
    return known is None or known * _LEAST_SHARE <= quantity.value <= known * _MOST_TIMES


def _belongs_elsewhere(quantity: Quantity, text: str) -> bool:
    """A unit price, a difference, a part payment or the past, told by the words around the sum."""
    around = text[max(0, quantity.start - 10) : quantity.end + 10]
    left, right = around[: quantity.start], around
    return bool(_NOT_THIS_SUM.search(left) or _NOT_THIS_SUM.search(right))


def _rival_named(quantity: Quantity, sentence: Sentence) -> bool:
    clause_start = max(sentence.text.rfind(mark, 0, quantity.start) for mark in ",,;;、") + 1
    clause = sentence.text[clause_start : quantity.end]
    return any(name in clause for name in sentence.deal.opportunity.competitors)
