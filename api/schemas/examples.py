"""One coherent example for OpenAPI: a deal, its evidence and the answer drawn from it.

Tests validate each object against its model, so the examples cannot fall behind the schema.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

Json = dict[str, Any]

DEAL_ID = "opp-xingyuan-mes"
SOURCE_ID = "16ad911b469c423882cb04a1dd066ef5"
SUGGESTION_ID = "001ab12da3e4425d8ecd22c272df1d10"
CONCEPT_ID = "manufacturing:mes"
_AT = "2026-11-24T09:00:00+00:00"

EVIDENCE: Json = {
    "file": "meetings/2026-11-19-freeze-talk.json",
    "channel": "meeting",
    "span": [231, 245],
    "quote": "四季度的信息化投资全部冻结了",
    "speaker": "王建国",
    "role": "customer",
    "said_on": "2026-11-19",
    "start_ms": 62000,
    "end_ms": 66500,
    "crm_field": None,
    "concept_id": None,
    "source_id": SOURCE_ID,
    "source_sha256": "a18c66bc6642dca9ebc33cfcd72925603f6df76921cdc98d42d113be81d60d19",
    "reported": None,
}
CRM_EVIDENCE: Json = {
    **EVIDENCE,
    "file": "deal.json",
    "channel": "crm",
    "span": [1180, 1188],
    "quote": "approved",
    "speaker": None,
    "role": "unknown",
    "said_on": None,
    "start_ms": None,
    "end_ms": None,
    "crm_field": "budget_status",
}
SUGGESTION: Json = {
    "id": SUGGESTION_ID,
    "play": "money.budget_not_there_yet",
    "title": {"zh": "先弄清预算何时重开", "en": "Find out when the budget reopens"},
    "move": {
        "zh": "请王建国说明冻结到什么时候、重新申请要哪些材料。",
        "en": "Ask 王建国 how long the freeze lasts and what a new request must contain.",
    },
    "claims": [
        {
            "id": "c1",
            "text": {
                "zh": "王建国在2026-11-19的会议里说:“四季度的信息化投资全部冻结了”",
                "en": "王建国 said in the meeting of 2026-11-19: “四季度的信息化投资全部冻结了”",
            },
            "evidence": [EVIDENCE],
        }
    ],
    "confidence": {
        "p": 0.56,
        "word": "medium",
        "basis": "prior",
        "n_verdicts": 0,
        "features": {"evidence_support": 0.667, "intent_p": 0.886, "recency": 0.914},
    },
    "wrong_if": {"zh": "资金已由别的部门承担", "en": "another department already pays"},
    "forbidden": ["unapproved_discount"],
    "created_at": _AT,
    "stale": False,
    "drafted_by": "playbook",
    "versions": {"playbook": "playbook@2eda1e631cbb", "recogniser": "intents-1@6bed2f4ada55"},
}
REPORT: Json = {
    "deviations": [
        {
            "field": "budget_status",
            "crm": "approved",
            "observed": "四季度的信息化投资全部冻结了",
            "severity": "high",
            "proposed": "doubtful",
            "crm_evidence": CRM_EVIDENCE,
            "evidence": [EVIDENCE],
        }
    ],
    "consistent": ["decision_maker"],
    "undecided": ["amount", "next_step"],
}
DEVIATIONS: Json = {"deal_id": DEAL_ID, **REPORT}
ANSWER: Json = {
    "deal_id": DEAL_ID,
    "suggestions": [SUGGESTION],
    "intents": [
        {
            "id": "money.budget_doubt",
            "p": 0.94,
            "by_channel": {"meeting": 0.94},
            "last_seen_at": _AT,
            "evidence": [EVIDENCE],
            "changed_from": None,
        }
    ],
    **REPORT,
    "abstained": False,
    "missing": [],
    "n_dropped_claims": 0,
    "degraded": [],
}
DEAL_SUMMARY: Json = {
    "id": DEAL_ID,
    "name": "星源三车间 MES 一期",
    "account": "浙江星源汽车零部件有限公司",
    "industry": "manufacturing",
    "stage": "negotiation",
    "amount": "480000.00",
    "currency": "CNY",
    "rep": "陈思远",
}
TOUCHPOINT: Json = {
    "source_id": SOURCE_ID,
    "channel": "meeting",
    "path": EVIDENCE["file"],
    "title": "星源 MES 项目进度沟通",
    "occurred_at": "2026-11-19T05:20:00+00:00",
    "said_on": "2026-11-19",
    "sender": None,
    "participants": ["王建国", "陈思远"],
    "automatic": False,
    "version": 1,
}
DEAL: Json = {
    "id": DEAL_ID,
    "account_id": "acc-xingyuan",
    "record": {
        "account": {"id": "acc-xingyuan", "name": DEAL_SUMMARY["account"]},
        "opportunity": {"id": DEAL_ID, "stage": "negotiation", "budget_status": "approved"},
    },
    "touchpoints": [TOUCHPOINT],
}
SOURCE: Json = {
    **{key: TOUCHPOINT[key] for key in ("channel", "path", "title", "occurred_at", "said_on")},
    "id": SOURCE_ID,
    "sha256": EVIDENCE["source_sha256"],
    "version": 1,
    "sender": None,
    "to": [],
    "participants": TOUCHPOINT["participants"],
    "text": "四季度的信息化投资全部冻结了\n",
    "utterances": [
        {
            "span": [0, 14],
            "speaker": "王建国",
            "role": "customer",
            "start_ms": 62000,
            "end_ms": 66500,
        }
    ],
    "regions": [],
}
EXCERPT: Json = {
    "source_id": SOURCE_ID,
    "source_sha256": EVIDENCE["source_sha256"],
    "file": EVIDENCE["file"],
    "channel": "meeting",
    "span": EVIDENCE["span"],
    "before": "集团刚开完会,",
    "quote": EVIDENCE["quote"],
    "after": ",我们这边也不例外。",
    "speaker": "王建国",
    "role": "customer",
    "said_on": "2026-11-19",
    "start_ms": 62000,
    "end_ms": 66500,
}
TERM: Json = {
    "id": CONCEPT_ID,
    "scheme": "manufacturing",
    "pref_label": {"zh": "制造执行系统", "en": "manufacturing execution system"},
    "alt_labels": {"zh": [], "en": ["MES"]},
    "broader": [{"zh": "工业软件", "en": "industrial software"}],
    "file": "knowledge_graph/packs/manufacturing/general.yaml",
}
VERDICT: Json = {
    "id": "5e0c1f7ab9c84b0d8a6f0d9f0f0f2b11",
    "suggestion_id": SUGGESTION_ID,
    "rep_id": "rep-7",
    "kind": "rejected",
    "reason_code": "wrong_stage",
    "comment": "还没到谈价阶段",
    "claim_ids": [],
    "created_at": _AT,
}
REVIEWED: Json = {"suggestion": SUGGESTION, "verdict": VERDICT}
HITS: Json = {
    "query": "预算什么时候批",
    "added": {"budget": 0.5},
    "hits": [
        {
            "score": 0.812,
            "found_by": {"keywords": 0.5, "vectors": 0.312},
            "channel": "meeting",
            "text": "四季度的信息化投资全部冻结了,我们这边也不例外。",
            "speaker": "王建国",
            "role": "customer",
            "occurred_at": "2026-11-19T05:20:00+00:00",
            "source_id": SOURCE_ID,
            "span": [231, 256],
        }
    ],
}
LABELLED: Json = {
    "id": "u1",
    "labels": [
        {"id": "money.price_objection", "p": 0.91},
        {"id": "competition.mention", "p": 0.83},
    ],
    "unsure": False,
    "reported": 0.04,
    "sentiment": {"negative": 0.31, "positive": 0.05},
}
INGEST: Json = {
    "deals": [DEAL_ID],
    "n_deals": 1,
    "n_files": 8,
    "n_new": 8,
    "n_replaced": 0,
    "n_unchanged": 0,
    "n_retired": 0,
    "n_emails": 5,
    "n_meetings": 2,
    "n_utterances": 61,
    "n_passages": 97,
    "n_signals": 24,
    "n_stale_suggestions": 0,
    "n_reanchored_suggestions": 0,
    "failures": [],
    "warnings": [],
    "seconds": 0.9,
}
CALLER: Json = {"tenant": "demo", "role": "rep", "rep_id": "rep-7", "acts_as": "rep-7"}
TAXONOMY: Json = {
    "version": 1,
    "intents": [
        {
            "id": "money.price_objection",
            "meaning": {
                "zh": "认为价格太高或比别家贵",
                "en": "says the price is too high, or dearer than something",
            },
        }
    ],
}


def returned(example: Any, status: int = HTTPStatus.OK) -> dict[int | str, dict[str, Any]]:
    """What a route passes as `responses`, so that OpenAPI shows the example."""
    return {int(status): {"content": {"application/json": {"example": example}}}}


def problem(status: HTTPStatus, code: str) -> Json:
    """A problem document as api.errors writes it."""
    return {
        "type": f"urn:junshi:error:{code}",
        "title": status.phrase,
        "status": int(status),
        "code": code,
        "detail": status.description or status.phrase,
        "instance": f"/v1/deals/{DEAL_ID}",
    }
