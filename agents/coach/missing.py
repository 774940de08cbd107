"""What the coach would need to know, in plain words, when it keeps quiet or is thin."""

from __future__ import annotations

from collections.abc import Sequence

from agents.coach.slots import APPLIES_FROM
from agents.coach.state import DealMaterial
from core.domain import Bilingual, Channel, PooledIntent, Role


def what_is_missing(
    material: DealMaterial, intents: Sequence[PooledIntent], *, abstained: bool
) -> tuple[Bilingual, ...]:
    """Gaps in a fixed order; empty when suggestions stand and the record is complete."""
    gaps: list[Bilingual] = []
    if abstained:
        gaps.extend(_quiet(material, intents))
    record = material.deal.opportunity
    if not record.budget_status or record.budget_status == "unknown":
        gaps.append(Bilingual("CRM 没有预算状态。", "The CRM has no budget status."))
    if not record.decision_maker:
        gaps.append(Bilingual("CRM 没有决策人。", "The CRM names no decision maker."))
    if record.expected_close is None:
        gaps.append(Bilingual("CRM 没有预计成交日期。", "The CRM has no expected close date."))
    return tuple(gaps)


def _quiet(material: DealMaterial, intents: Sequence[PooledIntent]) -> list[Bilingual]:
    spoken = [p for p in material.passages if p.channel in (Channel.EMAIL, Channel.MEETING)]
    if not spoken:
        return [Bilingual("还没有邮件或会议记录。", "There are no e-mails or meetings yet.")]
    if not any(p.role is Role.CUSTOMER for p in spoken):
        return [
            Bilingual(
                "没有一句话能确认出自客户联系人。",
                "No words could be tied to a contact of the customer.",
            )
        ]
    if not any(i.p >= APPLIES_FROM for i in intents):
        return [
            Bilingual(
                "客户的话里还没有需求、预算、决策或顾虑方面的内容。",
                "The customer has said nothing yet about needs, money, decisions or worries.",
            )
        ]
    return [
        Bilingual(
            "没有一条打法的证据足够扎实。",
            "No play has evidence that is solid enough.",
        )
    ]
