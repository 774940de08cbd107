"""Evidence as W3C Web Annotations (Recommendation of 23 February 2017), JSON-LD.

Each piece of evidence is one annotation: its body is the claim's sentence in both languages, its
target the original with selectors that must agree. Positions count code points, as the Selectors
section asks. Times of a meeting are a media fragment (`t=`, W3C Media Fragments URI 1.0); a CRM
value's as-of and a file's version are a TimeState. What the model has no word for (speaker, hash,
CRM field) carries our own prefix, so that a reader who does not know it may pass over it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from core.domain import LANGUAGES, Channel, Claim, Evidence, Source, Suggestion
from retrieval.provenance import CONTEXT_CHARACTERS, context_of

Json = dict[str, Any]

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
MEDIA_FRAGMENTS = "http://www.w3.org/TR/media-frags/"
OURS = "urn:junshi:"
MEDIA_TYPE = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
PREFIX_CHARACTERS = min(32, CONTEXT_CHARACTERS)


def web_annotations(suggestion: Suggestion, sources: Mapping[str, Source]) -> Json:
    """An AnnotationCollection with its one page, in the order of claims and evidence.

    `sources` (by id) give the text around each quote; without one the context is left out.
    """
    items = [
        _annotation(suggestion, claim, number, evidence, sources.get(evidence.source_id))
        for claim, number, evidence in numbered(suggestion)
    ]
    name = f"{OURS}suggestion:{suggestion.id}:annotations"
    return {
        "@context": [CONTEXT, {"junshi": OURS}],
        "id": name,
        "type": "AnnotationCollection",
        "label": suggestion.title.en,
        "total": len(items),
        "first": {
            "id": f"{name}:1",
            "type": "AnnotationPage",
            "partOf": name,
            "startIndex": 0,
            "items": items,
        },
    }


def numbered(suggestion: Suggestion) -> Iterator[tuple[Claim, int, Evidence]]:
    """Each claim's evidence, numbered from 1 within the claim."""
    for claim in suggestion.claims:
        for number, evidence in enumerate(claim.evidence, start=1):
            yield claim, number, evidence


def source_iri(evidence: Evidence) -> str:
    """The version that was cited: a term pack is named by its concept, all else by source id."""
    if evidence.concept_id is not None:
        return f"{OURS}concept:{evidence.concept_id}"
    return f"{OURS}source:{evidence.source_id}"


def _annotation(
    suggestion: Suggestion, claim: Claim, number: int, evidence: Evidence, source: Source | None
) -> Json:
    body: list[Json] = [
        {
            "type": "TextualBody",
            "value": claim.text.get(language),
            "language": language,
            "format": "text/plain",
            "purpose": "describing",
        }
        for language in LANGUAGES
    ]
    if evidence.concept_id is not None:
        body.append(
            {"type": "SpecificResource", "source": source_iri(evidence), "purpose": "tagging"}
        )
    return {
        "id": f"{OURS}evidence:{suggestion.id}:{claim.id}:{number}",
        "type": "Annotation",
        "motivation": "tagging" if evidence.concept_id is not None else "describing",
        "created": suggestion.created_at.isoformat(),
        "generator": {"id": f"{OURS}software", "type": "Software", "name": "Junshi"},
        "body": body,
        "target": _target(evidence, source),
    }


def _target(evidence: Evidence, source: Source | None) -> Json:
    target: Json = {
        "type": "SpecificResource",
        "source": {
            "id": source_iri(evidence),
            "type": "Text",
            "junshi:file": evidence.file,
            "junshi:channel": evidence.channel.value,
            "junshi:sha256": evidence.source_sha256,
            **({"junshi:version": source.version} if source else {}),
        },
        "selector": _selectors(evidence, source),
    }
    if evidence.occurred_at is not None:
        target["state"] = {"type": "TimeState", "sourceDate": evidence.occurred_at.isoformat()}
    if evidence.speaker is not None:
        target["junshi:speaker"] = evidence.speaker
        target["junshi:role"] = evidence.role.value
    if evidence.said_on is not None:
        target["junshi:saidOn"] = evidence.said_on.isoformat()
    if evidence.crm_field is not None:
        target["junshi:crmField"] = evidence.crm_field
    return target


def _selectors(evidence: Evidence, source: Source | None) -> list[Json]:
    quote: Json = {"type": "TextQuoteSelector", "exact": evidence.quote}
    if source is not None and source.text[evidence.start : evidence.end] == evidence.quote:
        prefix, _, suffix = context_of(source.text, evidence.start, evidence.end, PREFIX_CHARACTERS)
        quote |= {"prefix": prefix, "suffix": suffix}
    found: list[Json] = [
        {"type": "TextPositionSelector", "start": evidence.start, "end": evidence.end},
        quote,
    ]
    if evidence.channel is Channel.MEETING and evidence.start_ms is not None:
        found.append(
            {
                "type": "FragmentSelector",
                "conformsTo": MEDIA_FRAGMENTS,
                "value": media_fragment(evidence.start_ms, evidence.end_ms),
            }
        )
    return found


def media_fragment(start_ms: int, end_ms: int | None) -> str:
    """`t=npt:184,189.5`: seconds of normal play time; open-ended where no end is known."""
    end = "" if end_ms is None or end_ms <= start_ms else f",{_seconds(end_ms)}"
    return f"t=npt:{_seconds(start_ms)}{end}"


def _seconds(ms: int) -> str:
    whole, rest = divmod(ms, 1000)
    return f"{whole}.{rest:03d}".rstrip("0") if rest else str(whole)
