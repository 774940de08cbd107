"""Domain values as JSON objects: one stable shape for the HTTP API and the command line.

Spans are `[start, end]` in code points of the file's original text (see docs/evidence.md).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from agents.intent.history import PassedOn, TimelineEntry, changed_intents, timeline
from core.domain import (
    Bilingual,
    CoachAnswer,
    Deviation,
    DeviationReport,
    Evidence,
    Hit,
    PooledIntent,
    Recognition,
    Suggestion,
)

Json = dict[str, Any]
# Where no signals are at hand, nothing is known to be passed on.
_NOTHING = PassedOn(())


def answer_to_json(answer: CoachAnswer) -> Json:
    passed_on = PassedOn(answer.signals)
    changed = changed_intents(timeline(answer.signals))
    return {
        "deal_id": answer.deal_id,
        "suggestions": [suggestion_to_json(s, passed_on) for s in answer.suggestions],
        "intents": [intent_to_json(i, changed.get(i.id), passed_on) for i in answer.intents],
        **report_to_json(answer.report, passed_on),
        "abstained": answer.abstained,
        "missing": [text_to_json(m) for m in answer.missing],
        "n_dropped_claims": answer.n_dropped_claims,
        "degraded": list(answer.degraded),
    }


def suggestion_to_json(suggestion: Suggestion, passed_on: PassedOn = _NOTHING) -> Json:
    confidence = suggestion.confidence
    return {
        "id": suggestion.id,
        "play": suggestion.play_id,
        "title": text_to_json(suggestion.title),
        "move": text_to_json(suggestion.move),
        "claims": [
            {
                "id": claim.id,
                "text": text_to_json(claim.text),
                "evidence": [evidence_to_json(e, passed_on) for e in claim.evidence],
            }
            for claim in suggestion.claims
        ],
        "confidence": {
            "p": round(confidence.p, 3),
            "word": confidence.word,
            "basis": confidence.basis,
            "n_verdicts": confidence.n_verdicts,
            "features": {k: round(v, 3) for k, v in confidence.features.items()},
        },
        "wrong_if": text_to_json(suggestion.wrong_if),
        "forbidden": list(suggestion.forbidden),
        "created_at": _time(suggestion.created_at),
        "stale": suggestion.stale,
        "drafted_by": suggestion.drafted_by,
        "versions": dict(suggestion.versions),
    }


def evidence_to_json(evidence: Evidence, passed_on: PassedOn = _NOTHING) -> Json:
    return {
        "file": evidence.file,
        "channel": str(evidence.channel),
        "span": [evidence.start, evidence.end],
        "quote": evidence.quote,
        "speaker": evidence.speaker,
        "role": str(evidence.role),
        "said_on": _time(evidence.said_on),
        "start_ms": evidence.start_ms,
        "end_ms": evidence.end_ms,
        "crm_field": evidence.crm_field,
        "concept_id": evidence.concept_id,
        "source_id": evidence.source_id,
        "source_sha256": evidence.source_sha256,
        "reported": _rounded(passed_on.p(evidence)),
    }


def intent_to_json(
    intent: PooledIntent, changed: TimelineEntry | None = None, passed_on: PassedOn = _NOTHING
) -> Json:
    """`changed`: the entry in which this intent took back what was said earlier."""
    earlier = changed.overrules if changed else None
    return {
        "id": intent.id,
        "p": round(intent.p, 3),
        "by_channel": {k: round(v, 3) for k, v in intent.by_channel.items()},
        "last_seen_at": _time(intent.last_seen_at),
        "evidence": [evidence_to_json(e, passed_on) for e in intent.evidence],
        "changed_from": {
            "intent": earlier.intent,
            "evidence": evidence_to_json(earlier.evidence, passed_on),
        }
        if earlier
        else None,
    }


def report_to_json(report: DeviationReport, passed_on: PassedOn = _NOTHING) -> Json:
    return {
        "deviations": [deviation_to_json(d, passed_on) for d in report.deviations],
        "consistent": list(report.consistent),
        "undecided": list(report.undecided),
    }


def deviation_to_json(deviation: Deviation, passed_on: PassedOn = _NOTHING) -> Json:
    crm_evidence = deviation.crm_evidence
    return {
        "field": deviation.field,
        "crm": deviation.crm,
        "observed": deviation.observed,
        "severity": deviation.severity,
        "proposed": deviation.proposed,
        "crm_evidence": evidence_to_json(crm_evidence) if crm_evidence else None,
        "evidence": [evidence_to_json(e, passed_on) for e in deviation.evidence],
    }


def hit_to_json(hit: Hit) -> Json:
    passage = hit.passage
    return {
        "score": round(hit.score, 4),
        "found_by": {k: round(v, 4) for k, v in hit.found_by.items()},
        "channel": str(passage.channel),
        "text": passage.text,
        "speaker": passage.speaker,
        "role": str(passage.role),
        "occurred_at": _time(passage.occurred_at),
        "source_id": passage.source_id,
        "span": [passage.start, passage.end],
    }


def text_to_json(text: Bilingual) -> Json:
    return {"zh": text.zh, "en": text.en}


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 3)


def _time(moment: datetime | date | None) -> str | None:
    return moment.isoformat() if moment else None


def labelled_to_json(utterance_id: Any, found: Recognition) -> Json:
    """`reported` and `sentiment` are None where no customer spoke."""
    mood = None
    if found.negative is not None and found.positive is not None:
        mood = {"negative": round(found.negative, 4), "positive": round(found.positive, 4)}
    return {
        "id": utterance_id,
        "labels": [{"id": s.id, "p": round(s.p, 4)} for s in found.scores],
        "unsure": found.unsure,
        "reported": None if found.reported is None else round(found.reported, 4),
        "sentiment": mood,
    }
