"""Rules of the taxonomy that are logic rather than wording, applied to calibrated probabilities.

Only what beat the model for unseen authors stays. A dismissed concern is rare in data and costly
in use: a coach that answers "price isn't the issue" with a discount makes the rep look deaf. The
rule is narrow, the concern's own word and the dismissal must share a clause: of 4,052 utterances it
touched 35, undid 18 false alarms and no true one. Damping whatever is supposed (如果, if) moved
macro-F1 by less than 0.002 either way and is left to the model's cues.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from core.domain import IntentId
from core.ports import Vectors

PREFERENCE = IntentId("competition.preference")
MENTION = IntentId("competition.mention")
# What a dismissed intent keeps of its odds; the model is seldom surer than 10 : 1.
DISMISSED_ODDS = 0.1

_CLAUSE = re.compile(r"[,;:!?。！？；，：\n]|\.(?=\s|$)|但|不过|可是|\bbut\b|\bexcept\b|\bthough\b")
_DISMISSED = re.compile(
    r"不是.{0,4}(?:问题|重点|障碍|顾虑|关键|难处|原因)|不成问题|不算(?:什么|个)?(?:事|问题)"
    r"|(?:不|没(?:有|啥|什么)?|无|并无)(?:需|用)?(?:担心|顾虑|异议|意见|压力|发愁|疑虑|二话)|不愁|没话说|信得过"
    r"|\b(?:isn't|is not|wasn't|aren't|are not|not|never|no longer|hardly) "
    r"(?:\w+ ){0,3}(?:issue|problem|concern|worry|blocker|obstacle|sticking point|objection)s?\b"
    r"|\bnot (?:\w+ )?(?:worried|concerned|bothered|fussed)\b|\bno (?:\w+ )?"
    r"(?:issue|problem|concern|worrie|worry|objection|complaint|drama|qualm)s?\b"
    r"|\b(?:don't|doesn't|do not|does not|didn't) (?:\w+ )?(?:mind|worry|bother|matter|scare)\b"
    r"|\bisn't what(?:'s| is)\b|\bnot what(?:'s| is)\b"
)
_DENIED_NEED = re.compile(
    r"(?:不用|不必|无需|不需要|用不着)(?:再)?|没(?:打算|想)(?:过)?要?"
    r"|不是(?:来|要|想)(?:跟你)?(?:砍|压|讲|谈|要)"
    r"|\b(?:don't|do not|doesn't|no|not) (?:\w+ ){0,2}"
    r"(?:need|require|want|ask|asking|after|looking)\b"
    r"|\bno need\b|\bwithout (?:needing|asking)\b"
)
# The words by which a concern is named, wherever it is dismissed.
_CONCERNS: Mapping[IntentId, re.Pattern[str]] = {
    IntentId(intent): re.compile(words)
    for intent, words in {
        "money.price_objection": r"价|贵|\b(?:price|pricing|cost|money|expensive|quote)\b",
        "money.budget_doubt": r"预算|经费|钱|资金|\b(?:budget|money|funds|funding)\b",
        "money.budget_ready": r"价|\b(?:price|pricing)\b",
        "risk.compliance": r"安全|合规|隐私|数据"
        r"|\b(?:security|compliance|privacy|data|gdpr|audit)\b",
        "risk.integration": r"对接|接口|迁移|集成|\b(?:integration|integrating|migration|legacy)\b",
        "risk.delivery": r"交期|交货|工期|实施|售后|服务|产能"
        r"|\b(?:delivery|lead times?|support|rollout|implementation|installation|capacity)\b",
        "lifecycle.complaint": r"质量|毛病|服务|\b(?:quality|service|support|product)\b",
        "lifecycle.churn_risk": r"走|换|续|\b(?:leaving|switching|leave|renewal|cancel\w*)\b",
        "decision.rejection": r"拒|否|\b(?:no|ruled|rejecting)\b",
    }.items()
}
# What is asked for, where the asking is denied.
_REQUESTS: Mapping[IntentId, re.Pattern[str]] = {
    IntentId(intent): re.compile(words)
    for intent, words in {
        "money.discount_request": r"价|折|优惠|便宜"
        r"|\b(?:discount|cheaper|freebies?|lower|concession)",
        "money.price_objection": r"价|\b(?:discount|cheaper|price)\b",
        "decision.trial": r"试用|试点|演示|样机|poc|\b(?:trial|pilot|demo|demonstration|poc)",
        "risk.proof_request": r"案例|考察|报告|\b(?:references?|case stud|site visit|proof)",
    }.items()
}


def adjust(surfaces: Sequence[str], p: Vectors, intents: Sequence[IntentId]) -> Vectors:
    """(n, n_intents): `p` with the rules applied; the given array is left as it is.

    `surfaces` are the normalised, lower-case texts of the rows.
    """
    adjusted = np.array(p, dtype=np.float32)
    for row, text in enumerate(surfaces):
        for intent in dismissed(text):
            column = intents.index(intent)
            odds = DISMISSED_ODDS * adjusted[row, column] / (1 - adjusted[row, column] + 1e-6)
            adjusted[row, column] = odds / (1 + odds)
    preference, mention = intents.index(PREFERENCE), intents.index(MENTION)
    # Nobody can prefer another option without bringing it up.
    adjusted[:, mention] = np.maximum(adjusted[:, mention], adjusted[:, preference])
    return adjusted


def dismissed(text: str) -> set[IntentId]:
    """The intents that a clause of `text` names only to wave them away."""
    if not (_DISMISSED.search(text) or _DENIED_NEED.search(text)):
        return set()
    found: set[IntentId] = set()
    for clause in _CLAUSE.split(text):
        for sign, named in ((_DISMISSED, _CONCERNS), (_DENIED_NEED, _REQUESTS)):
            if sign.search(clause):
                found |= {intent for intent, words in named.items() if words.search(clause)}
    return found
