"""What becomes of shown suggestions when a source they rest on has a new version.

Evidence is a value: nothing changes it. Where its words went is a new value that names the new
version, and it counts only if the same person said it on the same day; the words of a CRM field
are looked up by the field, since equal values stand beside each other in a record. A claim stands
as long as all its evidence does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from core.domain import Channel, Deal, Evidence, Passage, Source, Suggestion
from knowledge_graph.crm.deal_folder import crm_fields
from retrieval.provenance import make_evidence
from retrieval.reanchor import Reanchoring


@dataclass(frozen=True)
class NewVersion:
    """A source as it was cited and as it is now. `passages` and `deal` belong to the new one."""

    before: Source
    after: Source
    passages: Sequence[Passage] = ()
    deal: Deal | None = field(default=None, repr=False)

    @cached_property
    def alignment(self) -> Reanchoring:
        return Reanchoring(self.before.text, self.after.text)

    @cached_property
    def crm(self) -> Mapping[str, Evidence]:
        """Field → its evidence in the new record; empty without a deal."""
        if self.deal is None:
            return {}
        fields = crm_fields(
            self.deal,
            self.after.text,
            source_id=self.after.id,
            sha256=self.after.sha256,
            file=self.after.path,
            as_of=self.deal.opportunity.updated_at,
        )
        return {name: one.evidence for name, one in fields.items() if one.evidence is not None}


def follow(evidence: Evidence, version: NewVersion) -> Evidence | None:
    """The same words of the same person in the new version; None when the evidence is lost."""
    if evidence.source_sha256 == version.after.sha256 and evidence.source_id == version.after.id:
        return evidence
    if evidence.crm_field is not None and evidence.crm_field in version.crm:
        now = version.crm[evidence.crm_field]
        return now if now.quote == evidence.quote else None
    if not 0 <= evidence.start < evidence.end <= len(version.before.text):
        return None
    anchor = version.alignment.place(evidence.start, evidence.end)
    if anchor is None:
        return None
    if evidence.channel is Channel.CRM:
        return replace(
            evidence,
            source_id=version.after.id,
            source_sha256=version.after.sha256,
            start=anchor.start,
            end=anchor.end,
            quote=anchor.quote,
            occurred_at=version.after.occurred_at,
        )
    around = _passage_around(version.passages, anchor.start, anchor.end)
    if around is None:
        return None
    moved = make_evidence(version.after, around, start=anchor.start, end=anchor.end)
    return moved if _said_alike(evidence, moved) else None


def _passage_around(passages: Iterable[Passage], start: int, end: int) -> Passage | None:
    return next((p for p in passages if p.start <= start and end <= p.end), None)


def _said_alike(one: Evidence, other: Evidence) -> bool:
    """Words that someone else says now, or on another day, are other evidence."""
    return (one.speaker, one.role, one.said_on) == (other.speaker, other.role, other.said_on)


def follow_suggestion(
    suggestion: Suggestion, versions: Mapping[str, NewVersion]
) -> tuple[Suggestion, tuple[str, ...]]:
    """The suggestion over the new versions, and the ids of claims whose evidence is lost.

    `versions` is keyed by the cited source's id; evidence of other sources stays as it is. Claims
    that fall keep the evidence with which they were shown.
    """
    claims, fallen = [], []
    for claim in suggestion.claims:
        followed = [
            follow(e, versions[e.source_id]) if e.source_id in versions else e
            for e in claim.evidence
        ]
        kept = tuple(e for e in followed if e is not None)
        if len(kept) < len(followed):
            fallen.append(claim.id)
            claims.append(claim)
        else:
            claims.append(replace(claim, evidence=kept))
    return replace(suggestion, claims=tuple(claims)), tuple(fallen)
