"""What a moment is called: by intent where the speaker is the customer, neutrally elsewhere."""

from __future__ import annotations

from agents.intent.taxonomy import load_taxonomy
from agents.moments.words import is_demo, settles_when
from core.domain import Bilingual, IntentId, Role

KEY_POINT = Bilingual("要点", "Key point")

TITLES: dict[str, Bilingual] = {
    "need.pain": Bilingual("客户说出痛点", "Customer names a pain point"),
    "need.requirement": Bilingual("客户提出需求", "Customer states a requirement"),
    "need.outcome": Bilingual("客户说明目标", "Customer names the outcome wanted"),
    "money.budget_doubt": Bilingual("客户提出预算质疑", "Customer doubts the budget"),
    "money.budget_ready": Bilingual("客户确认预算到位", "Customer confirms the budget"),
    "money.price_objection": Bilingual("客户嫌价格高", "Customer objects to the price"),
    "money.discount_request": Bilingual("客户要求优惠", "Customer asks for a better price"),
    "money.value_question": Bilingual("客户追问回报", "Customer asks for the return"),
    "decision.authority": Bilingual("客户说明谁拍板", "Customer says who decides"),
    "decision.process": Bilingual("客户说明采购流程", "Customer describes the buying process"),
    "decision.timeline": Bilingual("客户给出时间", "Customer gives a timeline"),
    "decision.trial": Bilingual("客户要求试用", "Customer asks for a POC"),
    "decision.commitment": Bilingual("客户作出承诺", "Customer commits"),
    "decision.stall": Bilingual("客户推迟", "Customer postpones"),
    "decision.rejection": Bilingual("客户拒绝", "Customer declines"),
    "competition.mention": Bilingual("客户提到竞品", "Customer mentions a competitor"),
    "competition.preference": Bilingual("客户偏向竞品", "Customer prefers a competitor"),
    "risk.compliance": Bilingual("客户关心合规安全", "Customer raises compliance"),
    "risk.integration": Bilingual("客户担心系统对接", "Customer worries about integration"),
    "risk.delivery": Bilingual("客户担心交付", "Customer worries about delivery"),
    "risk.proof_request": Bilingual("客户要求证明", "Customer asks for proof"),
    "lifecycle.complaint": Bilingual("客户投诉", "Customer complains"),
    "lifecycle.churn_risk": Bilingual("客户可能流失", "Customer may leave"),
    "lifecycle.renewal": Bilingual("客户谈续约", "Customer speaks of renewal"),
    "lifecycle.expansion": Bilingual("客户有意增购", "Customer wants more"),
    "lifecycle.referral": Bilingual("客户愿意推荐", "Customer offers a referral"),
}
# Only where the words agree on a day or a period; and a demo is a trial intent, yet no trial.
TRIAL_WINDOW = Bilingual("确认 POC 时间窗口", "POC window agreed")
DEMO = Bilingual("客户要看演示", "Customer wants a demo")
DEMO_DATE = Bilingual("确认演示时间", "Demo date agreed")


def title_of(intent: IntentId | None, role: Role, *, said: str) -> Bilingual:
    """`said` is the quote's `surface`.

    Never calls an unknown speaker the customer: the taxonomy's plain meaning stands there.
    """
    if intent is None:
        return KEY_POINT
    if role is not Role.CUSTOMER:
        return load_taxonomy().meanings[intent]
    if intent == "decision.trial":
        return _trial_title(said)
    return TITLES.get(intent, load_taxonomy().meanings[intent])


def _trial_title(said: str) -> Bilingual:
    is_settled = settles_when(said)
    if is_demo(said):
        return DEMO_DATE if is_settled else DEMO
    return TRIAL_WINDOW if is_settled else TITLES["decision.trial"]
