"""The steps of the coaching graph. Each one fetches, calls a pure function and returns."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from agents.backends import Backends
from agents.coach.drafting import reword
from agents.coach.material import MaterialCache, cite
from agents.coach.missing import what_is_missing
from agents.coach.rank import choose, score
from agents.coach.situation import situations
from agents.coach.slots import Material, applies, claims_of, fill, render
from agents.coach.state import CoachState, DealMaterial, Draft, Verified
from agents.intent.deviations import check_deviations
from agents.intent.facts import ObservedFact
from agents.intent.pooling import is_no_more_than_noise, pool
from core.domain import (
    LANGUAGES,
    Bilingual,
    Channel,
    Claim,
    CoachAnswer,
    DealId,
    Evidence,
    PlayId,
    Role,
    Suggestion,
    SuggestionId,
)
from core.text.language import language_of
from feedback import store as feedback_store
from feedback.calibration import Calibrator, fit
from retrieval.filters import Filter
from retrieval.meaning import EmbeddedRelatedness
from retrieval.provenance import check_evidence, make_evidence
from retrieval.verify import verify_claim

# How alike another passage's meaning (cosine) must be to count as saying the same, in any language.
CORROBORATES_FROM = 0.55
MAX_CORROBORATING = 2


class CoachNodes:
    """The nodes share the backends; a run's own values travel in the state."""

    def __init__(self, backends: Backends) -> None:
        self.backends = backends
        self._materials = MaterialCache()

    def load_deal(self, state: CoachState) -> CoachState:
        with self.backends.database.read() as session:
            material = self._materials.read(
                session, tenant_id=state["tenant_id"], deal_id=state["deal_id"]
            )
        return {"material": material, "degraded": ()}

    def pool_intents(self, state: CoachState) -> CoachState:
        material = state["material"]
        said = [p for p in material.passages if p.role is Role.CUSTOMER and p.carries_intent]
        if is_no_more_than_noise(material.signals, n_passages=len(said)):
            return {"intents": ()}
        return {"intents": pool(material.signals, now=self.backends.clock.now())}

    def compare_with_crm(self, state: CoachState) -> CoachState:
        material = state["material"]

        def evidence_of(fact: ObservedFact) -> Evidence:
            source = material.sources[fact.passage.source_id]
            return make_evidence(source, fact.passage, start=fact.start, end=fact.end)

        report = check_deviations(
            material.deal, material.facts, crm=material.crm, make_evidence=evidence_of
        )
        return {"report": report}

    def draft_plays(self, state: CoachState) -> CoachState:
        material = state["material"]
        if not state["intents"] and not state["report"].deviations:
            # Dates and silence alone are no reason to advise: the customer has said nothing yet.
            return {"drafts": ()}
        known = _material_for_slots(state, self.backends)
        drafts = []
        for play in self.backends.playbook.plays:
            if not applies(play, known):
                continue
            filled = fill(play, known)
            move = render(play.move, filled) if filled is not None else None
            if filled is None or move is None:
                continue
            claims = tuple(self._with_terms(c, material) for c in claims_of(play, filled))
            if claims:
                drafts.append(Draft(play=play, move=move, claims=claims, filled=filled))
        return {"drafts": tuple(drafts)}

    def find_support(self, state: CoachState) -> CoachState:
        """Adds the customer's like words from other touchpoints to each claim's evidence."""
        material = state["material"]
        found: dict[tuple[str, int], tuple[Evidence, ...]] = {}
        drafts = []
        for draft in state["drafts"]:
            claims = []
            for claim in draft.claims:
                lead = claim.evidence[0]
                if lead.channel not in (Channel.EMAIL, Channel.MEETING):
                    claims.append(claim)
                    continue
                key = (lead.source_id, lead.start)
                if key not in found:
                    found[key] = self._corroborating(lead, state["tenant_id"], material)
                claims.append(replace(claim, evidence=(*claim.evidence, *found[key])))
            drafts.append(replace(draft, claims=tuple(claims)))
        return {"drafts": tuple(drafts)}

    def verify_claims(self, state: CoachState) -> CoachState:
        """Drops each claim that its evidence does not bear, and drafts whose lead claim fell."""
        material = state["material"]
        names = _names(material)
        n_dropped = 0
        verified = []
        for draft in state["drafts"]:
            kept = [c for c in draft.claims if self._holds(c, material, names)]
            n_dropped += len(draft.claims) - len(kept)
            leads_stand = bool(kept) and kept[0].id == draft.claims[0].id
            if leads_stand and _move_holds(draft.move, kept, names):
                verified.append(Verified(draft=draft, claims=tuple(kept)))
            elif leads_stand:
                n_dropped += 1
        return {"verified": tuple(verified), "n_dropped_claims": n_dropped}

    def rank_suggestions(self, state: CoachState) -> CoachState:
        now = self.backends.clock.now()
        tenant_id, deal_id = state["tenant_id"], state["deal_id"]
        with self.backends.database.read() as session:
            records = feedback_store.play_records(session, tenant_id=tenant_id)
            calibrator: Calibrator = fit(
                feedback_store.labelled_scores(session, tenant_id=tenant_id)
            )
            refused = feedback_store.rejected_fingerprints(
                session, tenant_id=tenant_id, deal_id=deal_id, rep_id=state.get("rep_id", "")
            )
        scored = score(
            state["verified"],
            intents={i.id: i for i in state["intents"]},
            records=records,
            calibrator=calibrator,
            now=now,
        )
        versions = {
            "playbook": self.backends.playbook.version,
            "recogniser": self.backends.recogniser.version,
            "terms": self.backends.terms.version,
        }
        candidates = [
            (
                one,
                Suggestion(
                    id=SuggestionId(uuid.uuid4().hex),
                    deal_id=DealId(deal_id),
                    play_id=PlayId(one.draft.play.id),
                    title=one.draft.play.title.bilingual(),
                    move=one.draft.move,
                    claims=one.claims,
                    confidence=sure,
                    wrong_if=one.draft.play.wrong_if.bilingual(),
                    forbidden=one.draft.play.forbidden,
                    created_at=now,
                    versions=versions,
                ),
            )
            for one, sure in scored
        ]
        allowed = [
            (one, made)
            for one, made in candidates
            if feedback_store.fingerprint(made) not in refused
        ]
        by_draft = {id(one): made for one, made in allowed}
        chosen = choose(
            [(one, made.confidence) for one, made in allowed],
            limit=self.backends.settings.max_suggestions,
        )
        return {"suggestions": tuple(by_draft[id(one)] for one, _ in chosen)}

    def reword(self, state: CoachState) -> CoachState:
        """The slow path: better wording where a model is configured and its words verify."""
        model = self.backends.language_model
        if model is None:
            return {"degraded": (*state["degraded"], "language_model: not configured")}
        material = state["material"]
        names = _names(material)
        suggestions, reasons = reword(
            state["suggestions"],
            model,
            claim_holds=lambda claim: self._holds(claim, material, names),
            move_holds=lambda move, claims: _move_holds(move, claims, names),
        )
        return {"suggestions": suggestions, "degraded": (*state["degraded"], *reasons)}

    def answer(self, state: CoachState) -> CoachState:
        """Stores what is shown, so that a verdict can name it, and builds the answer."""
        now = self.backends.clock.now()
        tenant_id = state["tenant_id"]
        suggestions: Sequence[Suggestion] = state["suggestions"]
        with self.backends.database.read() as session:
            stored = feedback_store.as_stored(session, tenant_id=tenant_id, suggestions=suggestions)
        if stored is None:
            with self.backends.database.write() as session:
                stored = feedback_store.save_suggestions(
                    session, tenant_id=tenant_id, suggestions=suggestions, now=now
                )
        missing = what_is_missing(
            state["material"],
            state["intents"],
            abstained=not stored,
        )
        answer = CoachAnswer(
            deal_id=DealId(state["deal_id"]),
            suggestions=tuple(stored),
            intents=state["intents"],
            report=state["report"],
            abstained=not stored,
            missing=missing,
            n_dropped_claims=state["n_dropped_claims"],
            degraded=state["degraded"],
            signals=state["material"].signals,
        )
        return {"answer": answer}

    def _holds(self, claim: Claim, material: DealMaterial, names: tuple[str, ...]) -> bool:
        for evidence in claim.evidence:
            text, sha256 = self._original(evidence, material)
            if check_evidence(evidence, text=text, sha256=sha256):
                return False
        return all(
            _bears(
                claim.text.get(language),
                claim.evidence,
                names,
                relatedness=self.backends.relatedness,
            )
            for language in LANGUAGES
        )

    def _original(self, evidence: Evidence, material: DealMaterial) -> tuple[str, str]:
        if evidence.channel is Channel.TERM:
            return self.backends.terms.original(evidence.file)
        source = material.sources[evidence.source_id]
        return source.text, source.sha256

    def _with_terms(self, claim: Claim, material: DealMaterial) -> Claim:
        """Adds the trade's term that the quoted words use, so that the rep can look it up."""
        industry = material.deal.account.industry
        lead = claim.evidence[0]
        if industry is None or lead.channel is Channel.CRM:
            return claim
        mentions = self.backends.linker.link(lead.quote, schemes={industry})
        if not mentions:
            return claim
        longest = max(mentions, key=lambda m: m.end - m.start)
        concept = self.backends.terms.concept(longest.concept_id)
        term = self.backends.terms.term_evidence(concept, language_of(lead.quote))
        return replace(claim, evidence=(*claim.evidence, term))

    def _corroborating(
        self, lead: Evidence, tenant_id: str, material: DealMaterial
    ) -> tuple[Evidence, ...]:
        (hits,) = self.backends.search.alike(
            [lead.quote],
            tenant_id=tenant_id,
            account_id=material.deal.account.id,
            k=8,
            wanted=Filter(roles=frozenset({Role.CUSTOMER})),
        )
        return tuple(
            cite(hit.passage, material)
            for hit in hits
            if hit.passage.source_id in material.sources
            and hit.passage.source_id != lead.source_id
            and hit.score >= CORROBORATES_FROM
        )[:MAX_CORROBORATING]


def _material_for_slots(state: CoachState, backends: Backends) -> Material:
    material = state["material"]
    gaps = dict(material.crm_gaps)
    gaps.update({name: value.evidence for name, value in material.crm.items()})
    return Material(
        stage=material.deal.opportunity.stage,
        industry=material.deal.account.industry,
        intents={i.id: i for i in state["intents"]},
        deviations={d.field: d for d in state["report"].deviations},
        crm=material.crm,
        situations=situations(
            deal=material.deal,
            crm_evidence=gaps,
            passages=material.passages,
            now=backends.clock.now(),
            evidence_of=lambda passage: cite(passage, material),
        ),
    )


def _names(material: DealMaterial) -> tuple[str, ...]:
    deal = material.deal
    rep = (deal.rep.name,) if deal.rep else ()
    contacts = tuple(c.name for c in deal.contacts)
    named = (*contacts, *rep, *deal.opportunity.competitors, *deal.products, deal.account.name)
    return tuple(name for name in named if name)


def _move_holds(move: Bilingual, kept: Sequence[Claim], names: tuple[str, ...]) -> bool:
    """The move may only name and count what the shown claims bear."""
    evidence = tuple(e for c in kept for e in c.evidence)
    return all(_bears(move.get(at), evidence, names, relatedness=None) for at in LANGUAGES)


def forget_verifications() -> None:
    """Makes the next look at a deal as slow as the first one (for benchmarks)."""
    _bears.cache_clear()


@lru_cache(maxsize=8192)
def _bears(
    text: str,
    evidence: tuple[Evidence, ...],
    names: tuple[str, ...],
    *,
    relatedness: EmbeddedRelatedness | None,
) -> bool:
    """Verification is pure, and a deal that is opened again asks for the same claims.

    Without `relatedness` the text is advice, and only its figures and names are checked.
    """
    return verify_claim(
        text, evidence, names=names, facts_only=relatedness is None, relatedness=relatedness
    ).supported
