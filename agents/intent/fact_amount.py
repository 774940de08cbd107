"""The sum of this purchase where only the talk around it tells that a number is that sum.

Three things make it so: it is the sum on record, it is a sum that the rep has quoted before, or
the clause calls it the price. Sums of other orders, other years and other firms are named as such.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from agents.intent.fact_competitors import vendors_named
from agents.intent.fact_sentence import BLANK, Sentence, Statement
from agents.intent.fact_sums import Sum, same, spoken_numbers, sums
from agents.intent.fact_thread import Found, Line, Thread

# The words around a sum that may speak of it.
_AROUND = 60
_NUMBER = re.compile(
    r"\d|[一二三四五六七八九十百千万]|\b(?:hundred|thousand|half|quarter|million|twenty|thirty"
    r"|forty"
    r"|fifty|sixty|seventy|eighty|ninety|ten|eleven|twelve|\w+teen)\b"
)
_ELSES = re.compile(
    r"另(?:外|走|算|说|批|有|一)|单独|别的|隔壁|那是|那笔(?!钱)|不在里|不在这|没关系|不相干"
    r"|不搭界|两回事|两码|别(?:混|算|看|往)"
    r"|是(?:后勤|物业|总包|基建|设备|集团)的|去年|前年|往年|以前|当年|上一?次|上回"
    r"|每[台套个年月人席家点位店间]|单价|定金|预付|首付|尾款"
    r"|押金|罚|赔|(?<!不)贷款|省(?:下|了|出)|损失|产值|营业额|营收|亏|他们(?!说)|人家|的时候"
    r"|维保|运维|培训费"
    r"|\bthe (?!whole|final|new|draft|full|same|revised|current|total)[a-z]+ [a-z]+ contract\b"
    r"|\b(?:separate\w*|different|other|another|else|elsewhere|unrelated|nothing to do"
    r"|not (?:yours|ours|you|this)"
    r"|last year|back in|years? ago|in 20[012]\d|used to|(?<!as )per|each|apiece|a (?:seat"
    r"|head|unit|piece|month)"
    r"|deposit|down payment|upfront|savings?|sav(?:e|es|ed)|los[est]\w*|revenue|turnover|a fine"
    r"|fines|fined|penalt\w+"
    r"|was when|when (?:it|we|that) (?:was|were|had)|(?:they|their|them|theirs) |maintenance"
    r"|discount|extra|on top)\b"
)
_REFUSED = re.compile(
    r"不考虑|就?算了|不谈|不要了|不用|不必|不接受|太高|太贵|拿不出|做不了|免谈|没戏|不行|不同意"
    r"|\b(?:no thanks?|not interested|too (?:much|high|rich|steep)|can't (?:do|go|stretch|pay)"
    r"|cannot|won't|don't want"
    r"|pass on|never|no way|not going|we'd rather|instead of|rather than)\b"
)
_PRICE = re.compile(
    r"总价|总额|总共|总计|合计|一共|合同(?:额|金额|价|款)|成交|总的|最终|报价|这个(?:数|价)"
    r"|打包|含税|重(?:新)?报"
    r"|[加算减]完(?:了)?是|落在|总数|要签|对过|为准|走(?=$|[,。])|(?:降|谈|砍|改|涨|加|减"
    r"|调)(?:到|成|为)|就?按|认(?!为|可以|识|真)"
    r"|敲定|定在|变成"
    r"|\b(?:totals?|all[- ]in|contract|quot\w+|price|pric\w+|figure|number|order|po"
    r"|comes? (?:out )?(?:to|at)"
    r"|works out|adds? up|lands? (?:at|on)|settled|agreed|final|revised|new|now|down to|up to"
    r"|it's|we're (?:at|good|fine)"
    r"|(?:is|are) (?:fine|good|ok|okay|what)|works|draft|deal|sign\w*|one year|requote\w*)\b"
)
_COUNTED = re.compile(
    r"^[\s-]*(?:\w+ )?(?:seats?|users?|stores?|sites?|people|staff|gigs?|gb|days?|weeks?"
    r"|months?|years?"
    r"|hours?|minutes?|units?|licen[cs]es?|beds?|rooms?|trucks?|%|percent|points?|questions?"
    r"|a minute|of (?:us|them|you))\b"
    r"|^[^,。]{0,1}(?:个?(?:人|月|学院|店|家|点|号|账号|用户|席|站|床|工|天|年|周|门店|病区"
    r"|教室|课时)|台|套|间|张|条|%|号|日|点|年"
    r"|月|天|周|吨|米|人)"
)
_ASKED_STILL = re.compile(r"还是|没变|对吧|是吧|\b(?:still|right|correct|same)\b")
_YES = re.compile(
    r"\s*(?:对|是|嗯|没错|没变|没问题|行|好|可以|认|ok)|\s*(?:yes|yeah|yep|yup|correct|right|sure"
    r"|that's (?:right|it|fine)"
    r"|agreed|fine|still|it is|we are|exactly|sounds)\b"
)


def read(thread: Thread) -> Iterator[Found]:
    known = thread.deal.opportunity.amount
    if not known:
        return
    quoted: list[Decimal] = []
    for at, turn in enumerate(thread.turns):
        if not turn[0].is_customer:
            for line in turn:
                if _NUMBER.search(line.sentence.low) and not _BUDGET.search(line.sentence.low):
                    quoted += [one.value for one in sums(line.sentence)]
            continue
        is_budget = _asked_budget(thread, at)
        for line in turn:
            if _NUMBER.search(line.sentence.low):
                yield from _stated(line, known, quoted, is_budget=is_budget)
        agreed = _agreed(thread, at)
        if agreed is not None:
            yield Found("amount", Statement(plain(agreed)), turn[0])


def _asked_budget(thread: Thread, at: int) -> bool:
    """Whether the words just before were on what may be spent, not on what this costs."""
    return any(
        _BUDGET.search(line.sentence.low)
        for lines in thread.before(at, n_turns=1)
        for line in lines
        if not line.is_customer
    )


def _stated(
    line: Line, known: Decimal, quoted: list[Decimal], *, is_budget: bool
) -> Iterator[Found]:
    sentence = line.sentence
    best: Sum | None = None
    said = sums(sentence)
    for one in said:
        if _is_this_sum(one, sentence, known, quoted, is_budget=is_budget):
            best = one
    best = best or _product(said, sentence)
    if best is not None:
        yield Found("amount", Statement(plain(best.value), best.text), line)


def _product(said: Sequence[Sum], sentence: Sentence) -> Sum | None:
    """ "Twenty-two at two thousand a go, forty-four": a sum that others in the same breath make.

    So many at so much is the price of the whole, unless it is told as another purchase's.
    """
    if not said:
        return None
    low = sentence.before.lower() + " | " + sentence.low
    if not _AT_EACH.search(low) or _ELSEWHERE.search(low):
        return None
    counts = {abs(value) for value in spoken_numbers(sentence)}
    for one in reversed(said):
        if BLANK in sentence.said[one.start : one.end]:
            continue
        for number in counts:
            rest = one.value / number if number > 1 else one.value
            if number > 1 and any(other != number and same(other, rest) for other in counts):
                return one
    return None


# "At 2000 a go", 一人三千.
_AT_EACH = re.compile(
    r"每|一[个人台套家期店间张条片把]|\b(?:at|times|each|apiece|a (?:go|head|piece|seat)|per)\b"
)
_ELSEWHERE = re.compile(r"另|隔壁|去年|他们|\b(?:other|last year|their)\b")


def _is_this_sum(
    one: Sum, sentence: Sentence, known: Decimal, quoted: list[Decimal], *, is_budget: bool
) -> bool:
    behind = sentence.low[one.end :]
    if _COUNTED.match(behind) and not one.is_money:
        return False
    clause = _clause(one, sentence)
    if _ELSES.search(clause) or _names_rival(clause, sentence):
        return False
    is_supposed = BLANK in sentence.said[one.start : one.end]
    if same(one.value, known):
        return not is_supposed or _ASKED_STILL.search(sentence.low) is not None
    # "The budget is still what it was?" "Yes, 35": what they may spend, not what this costs.
    if is_supposed or _REFUSED.search(clause) or is_budget:
        return False
    if any(same(one.value, value) for value in quoted):
        return not _BUDGET.search(clause)
    return one.is_money and _PRICE.search(sentence.low) is not None and not _BUDGET.search(clause)


_BUDGET = re.compile(
    r"预算|经费|额度|留[了出]|以内|以下|以上|超过|上限|封顶|\b(?:budget\w*|cap|ceiling|under|over|above"
    r"|below|limit"
    r"|threshold|up to)\b"
)


def plain(value: Decimal) -> str:
    return str(value.quantize(Decimal(1)) if value == value.to_integral_value() else value)


def sum_of_price(sentence: Sentence) -> Sum | None:
    """The one sum of money in a sentence on the price, unless it is another thing's."""
    said = [
        one
        for one in sums(sentence)
        if one.is_money
        and BLANK not in sentence.said[one.start : one.end]
        and not _COUNTED.match(sentence.low[one.end :])
        and not any(p.search(_clause(one, sentence)) for p in (_ELSES, _REFUSED, _BUDGET))
        and not _names_rival(_clause(one, sentence), sentence)
    ]
    return said[0] if len(said) == 1 else None


def _clause(one: Sum, sentence: Sentence) -> str:
    """The words about a sum: its clause and, where that is short, what follows."""
    low = sentence.low
    marks = ",;。!?" if sentence.is_han else ";.!?"
    start = max((low.rfind(m, 0, one.start) for m in marks), default=-1) + 1
    ends = [
        at
        for m in marks
        if (at := low.find(m, one.end)) >= 0 and not low[at + 1 : at + 2].isdigit()
    ]
    end = min(ends, default=len(low))
    # "the forty-five is for badge readers, separate PO"; 图书馆那笔三十万,另走
    if sentence.is_han and end < len(low):
        more = [at for m in marks if (at := low.find(m, end + 1)) >= 0]
        following = low[end : min(more, default=len(low))]
        if len(following) <= 9:
            end += len(following)
    return low[max(start, one.start - _AROUND) : min(end, one.end + _AROUND)]


def _names_rival(clause: str, sentence: Sentence) -> bool:
    return any(name.lower()[:4] in clause for name in sentence.deal.opportunity.competitors) or any(
        name.lower() in clause for name in vendors_named(sentence)
    )


def _agreed(thread: Thread, at: int) -> Decimal | None:
    """The one sum of the rep's words just before, where the customer's turn says yes to it."""
    turn = thread.turns[at]
    if at == 0 or not _YES.match(turn[0].sentence.low):
        return None
    before = thread.turns[at - 1]
    if before[0].is_customer or before[0].passage.source_id != turn[0].passage.source_id:
        return None
    values = [one.value for line in before for one in sums(line.sentence)]
    return values[0] if len(values) == 1 else None
