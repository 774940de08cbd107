"""Filling a play's slots with evidence and writing its texts from what the slots hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from agents.coach.playbook import PLACEHOLDER, Play, Slot, Wording, placeholders
from agents.coach.situation import Situation
from core.domain import (
    LANGUAGES,
    Bilingual,
    Channel,
    Claim,
    Deviation,
    Evidence,
    Language,
    PooledIntent,
    Stage,
)

# Longer quotes do not fit a sidebar line; the chip still shows the whole passage.
MAX_QUOTE_CHARACTERS = 160

# A play needs an intent that is more likely shown than not.
APPLIES_FROM = 0.5
# One doubtful sentence must not silence every play that it would forbid.
BLOCKS_FROM = 0.9

_CHANNEL: Mapping[Channel, Bilingual] = {
    Channel.EMAIL: Bilingual("邮件", "e-mail"),
    Channel.MEETING: Bilingual("会议", "meeting"),
    Channel.CHAT: Bilingual("聊天", "chat"),
    Channel.CRM: Bilingual("CRM", "CRM"),
    Channel.KNOWLEDGE: Bilingual("资料", "document"),
    Channel.TERM: Bilingual("术语", "term"),
}
_CUSTOMER = Bilingual("客户", "the customer")


@dataclass(frozen=True, slots=True)
class CrmValue:
    value: str
    label: Bilingual
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Filled:
    """One filled slot: what its placeholders say in each language, and the evidence, best first."""

    texts: Mapping[str, Bilingual]
    evidence: tuple[Evidence, ...]
    p: float


@dataclass(frozen=True, slots=True)
class Material:
    """Everything a slot can be filled from."""

    stage: Stage | None
    industry: str | None
    intents: Mapping[str, PooledIntent]
    deviations: Mapping[str, Deviation]
    crm: Mapping[str, CrmValue]
    situations: Mapping[str, Situation]


def applies(play: Play, material: Material) -> bool:
    """Whether the play's `when` holds for this deal."""
    when = play.when

    def shown(intent: str, at_least: float = APPLIES_FROM) -> bool:
        pooled = material.intents.get(intent)
        return pooled is not None and pooled.p >= at_least and bool(pooled.evidence)

    return (
        (not when.any_intents or any(shown(i) for i in when.any_intents))
        and not any(shown(i, BLOCKS_FROM) for i in when.no_intents)
        and (not when.stages or material.stage in when.stages)
        and (not when.industries or material.industry in when.industries)
        and (not when.deviations or any(f in material.deviations for f in when.deviations))
        and all(s in material.situations for s in when.signals)
    )


def fill(play: Play, material: Material) -> dict[str, Filled] | None:
    """Slot name → filled slot; None when a required one stays empty."""
    filled: dict[str, Filled] = {}
    for name, slot in play.slots.items():
        content = _fill_one(slot, material)
        if content is not None:
            filled[name] = content
        elif not slot.optional:
            return None
    return filled


def _fill_one(slot: Slot, material: Material) -> Filled | None:
    match slot.kind:
        case "intent":
            pooled = material.intents.get(slot.key)
            if pooled is None or not pooled.evidence:
                return None
            return Filled(_said(pooled.evidence[0]), pooled.evidence[:1], pooled.p)
        case "crm":
            field = material.crm.get(slot.key)
            if field is None or not field.value:
                return None
            texts = {"value": Bilingual(field.value, field.value), "label": field.label}
            return Filled(texts, (field.evidence,), 1.0)
        case "deviation":
            return _fill_deviation(material.deviations.get(slot.key))
        case "signal":
            situation = material.situations.get(slot.key)
            if situation is None:
                return None
            value = Bilingual(situation.value, situation.value)
            texts = {**_said(situation.evidence), "value": value}
            return Filled(texts, (situation.evidence,), 1.0)


def _fill_deviation(deviation: Deviation | None) -> Filled | None:
    if deviation is None or not deviation.evidence:
        return None
    crm = Bilingual(deviation.crm, deviation.crm) if deviation.crm else Bilingual("空", "empty")
    observed = Bilingual(deviation.observed, deviation.observed)
    texts = {**_said(deviation.evidence[0]), "crm": crm, "observed": observed}
    crm_side = (deviation.crm_evidence,) if deviation.crm_evidence else ()
    return Filled(texts, (*deviation.evidence[:1], *crm_side), 1.0)


def _said(evidence: Evidence) -> dict[str, Bilingual]:
    speaker = Bilingual(evidence.speaker, evidence.speaker) if evidence.speaker else _CUSTOMER
    day = evidence.said_on.isoformat() if evidence.said_on else ""
    quote = shorten(evidence.quote)
    return {
        "quote": Bilingual(quote, quote),
        "speaker": speaker,
        "when": Bilingual(day, day),
        "channel": _CHANNEL[evidence.channel],
    }


def shorten(quote: str) -> str:
    """The quote on one line, cut at a word or clause with an ellipsis where it is too long."""
    line = " ".join(quote.split())
    if len(line) <= MAX_QUOTE_CHARACTERS:
        return line
    cut = line[:MAX_QUOTE_CHARACTERS]
    at = max(cut.rfind(mark) for mark in (" ", ",", "。", ";", ","))
    return (cut[:at] if at > MAX_QUOTE_CHARACTERS // 2 else cut).rstrip() + "…"


def render(wording: Wording, filled: Mapping[str, Filled]) -> Bilingual | None:
    """The wording in both languages; None where a placeholder has nothing to say."""
    for slot, attribute in placeholders(wording.zh):
        if slot not in filled or not filled[slot].texts.get(attribute, Bilingual("", "")).en:
            return None
    sides: dict[Language, str] = {}
    for language in LANGUAGES:
        template = wording.bilingual().get(language)
        text = PLACEHOLDER.sub(
            lambda m, at=language: filled[m[1]].texts[m[2]].get(at),  # type: ignore[misc]
            template,
        )
        sides[language] = text[:1].upper() + text[1:]
    return Bilingual(zh=sides["zh"], en=sides["en"])


def claims_of(play: Play, filled: Mapping[str, Filled]) -> tuple[Claim, ...]:
    """The play's claims that could be written, in its order, ids `c1`, `c2`, …"""
    claims = []
    for number, template in enumerate(play.claims, start=1):
        text = render(template, filled)
        if text is not None:
            claims.append(
                Claim(id=f"c{number}", text=text, evidence=filled[template.slot].evidence)
            )
    return tuple(claims)
