"""A suggestion's provenance as PROV-JSON (W3C Member Submission of 24 April 2013).

Read backwards it says: the suggestion rests on claims, a claim on words, the words are quoted from
one version of a file, and the file is attributed to who spoke. The coaching run generated the
suggestion; the playbook, the recogniser and the term packs took part under their versions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.domain import Evidence, Source, Suggestion
from retrieval.annotations import OURS, numbered

Json = dict[str, Any]


def prov_json(suggestion: Suggestion, sources: Mapping[str, Source]) -> Json:
    """One PROV document. `sources` (by id) add titles and version numbers where they are known."""
    document = _Document(suggestion)
    document.suggestion()
    for claim in suggestion.claims:
        document.claim(claim.id, claim.text.en)
    for claim, number, evidence in numbered(suggestion):
        document.evidence(claim.id, number, evidence, sources.get(evidence.source_id))
    return document.shape


class _Document:
    """Collects the records of one document; equal sources and speakers are written once."""

    def __init__(self, suggestion: Suggestion) -> None:
        self._of = suggestion
        self._name = f"junshi:suggestion.{suggestion.id}"
        self._run = f"junshi:run.{suggestion.id}"
        self.shape: Json = {"prefix": {"junshi": OURS}}

    def suggestion(self) -> None:
        made = self._of
        self._add("entity", self._name, {
            "prov:type": _qname("junshi:Suggestion"),
            "prov:label": made.title.en,
            "junshi:play": made.play_id,
            "junshi:p": _typed(f"{made.confidence.p:.4f}", "xsd:double"),
        })  # fmt: skip
        at = made.created_at.isoformat()
        self._add(
            "activity", self._run, {"prov:startTime": at, "prov:endTime": at,
                                    "prov:type": _qname("junshi:Coaching")}
        )  # fmt: skip
        self._relate(
            "wasGeneratedBy", {"prov:entity": self._name, "prov:activity": self._run,
                               "prov:time": at}
        )  # fmt: skip
        for part, version in made.versions.items():
            agent = f"junshi:software.{part}"
            self._add("agent", agent, {
                "prov:type": _qname("prov:SoftwareAgent"), "junshi:version": version
            })  # fmt: skip
            self._relate("wasAssociatedWith", {"prov:activity": self._run, "prov:agent": agent})

    def claim(self, claim_id: str, text: str) -> None:
        name = f"junshi:claim.{self._of.id}.{claim_id}"
        self._add("entity", name, {"prov:type": _qname("junshi:Claim"), "prov:value": text})
        self._relate(
            "wasDerivedFrom", {"prov:generatedEntity": self._name, "prov:usedEntity": name}
        )

    def evidence(
        self, claim_id: str, number: int, evidence: Evidence, source: Source | None
    ) -> None:
        name = f"junshi:evidence.{self._of.id}.{claim_id}.{number}"
        facts: Json = {
            "prov:type": _qname("junshi:Evidence"),
            "prov:value": evidence.quote,
            "junshi:start": evidence.start,
            "junshi:end": evidence.end,
        }
        for key, value in (
            ("junshi:startMs", evidence.start_ms),
            ("junshi:endMs", evidence.end_ms),
            ("junshi:saidOn", evidence.said_on and evidence.said_on.isoformat()),
            ("junshi:crmField", evidence.crm_field),
            ("junshi:concept", evidence.concept_id),
        ):
            if value is not None:
                facts[key] = value
        self._add("entity", name, facts)
        self._relate("wasDerivedFrom", {
            "prov:generatedEntity": f"junshi:claim.{self._of.id}.{claim_id}",
            "prov:usedEntity": name,
        })  # fmt: skip
        original = self._source(evidence, source)
        self._relate("wasDerivedFrom", {
            "prov:generatedEntity": name,
            "prov:usedEntity": original,
            "prov:type": _qname("prov:Quotation"),
        })  # fmt: skip
        if evidence.speaker is not None:
            person = f"junshi:person.{evidence.speaker.encode().hex()}"
            self._add("agent", person, {
                "prov:type": _qname("prov:Person"),
                "prov:label": evidence.speaker,
                "junshi:role": evidence.role.value,
            })  # fmt: skip
            self._relate("wasAttributedTo", {"prov:entity": name, "prov:agent": person})

    def _source(self, evidence: Evidence, source: Source | None) -> str:
        name = f"junshi:source.{evidence.source_id.replace(':', '.')}"
        facts: Json = {
            "prov:type": _qname("junshi:Source"),
            "junshi:file": evidence.file,
            "junshi:channel": evidence.channel.value,
            "junshi:sha256": evidence.source_sha256,
        }
        if evidence.occurred_at is not None:
            facts["junshi:asOf"] = _typed(evidence.occurred_at.isoformat(), "xsd:dateTime")
        if source is not None:
            facts |= {"prov:label": source.title or source.path, "junshi:version": source.version}
        if name not in self.shape.get("entity", {}):
            self._add("entity", name, facts)
            self._relate("used", {"prov:activity": self._run, "prov:entity": name})
        return name

    def _add(self, kind: str, name: str, facts: Json) -> None:
        self.shape.setdefault(kind, {})[name] = facts

    def _relate(self, kind: str, facts: Json) -> None:
        known = self.shape.setdefault(kind, {})
        if facts not in known.values():
            known[f"_:{kind}{len(known) + 1}"] = facts


def _typed(value: str, datatype: str) -> Json:
    return {"$": value, "type": datatype}


def _qname(name: str) -> Json:
    return _typed(name, "prov:QUALIFIED_NAME")
