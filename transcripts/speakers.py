"""Who spoke: the customer, the rep, or nobody we can name.

A name or address either is the record's, or it is unknown: a wrong customer would turn a stranger's
words into the customer's intent. Display names carry clutter ("王建国 | 星源", "Li Min (Host)"),
so the clutter is taken off, but what is left must be equal. Latin names are not turned round
without a comma: Jordan Taylor and Taylor Jordan are two people.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.domain import ContactId, Deal, Role
from core.errors import InvalidInput
from core.text.normalise import normalise

Match = tuple[Role, ContactId | None]
UNKNOWN: Match = (Role.UNKNOWN, None)

_HAN = "\u3400-\u9fff\uf900-\ufaff"
_BRACKETED = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|【([^【】]*)】")
_BETWEEN_HAN = re.compile(rf"(?<=[{_HAN}])\s+(?=[{_HAN}])")
_HAS_HAN = re.compile(f"[{_HAN}]")
# Spaces or Chinese beside a hyphen: "Smith-Jones" is one name, "王建国-星源汽配" is not.
_SEPARATOR = re.compile(
    rf"\s*[|｜/／@_·•—–]\s*|\s+-+\s+|(?<=[{_HAN}])\s*-+\s*|\s*-+\s*(?=[{_HAN}])"
)
_HAN_SPACE = re.compile(rf"(?<=[{_HAN}])[\s,]+|[\s,]+(?=[{_HAN}])")
_HONORIFIC = re.compile(r"(?:mr|mrs|ms|miss|mx|dr|prof|professor)\b\.?\s+")
# Someone beside the named person: "王建国(助理)" is not 王建国.
_STAND_IN = re.compile(
    r"助理|秘书|代表|代理|代$|^代|替|司机|家属|assistant|secretary|\bpa\b|office of"
)
_EXPECTED = (
    'Expected {"start_time": ISO 8601 with zone, "title": text,'
    ' "participants": [{"name", "email"}]}.'
)


@dataclass(frozen=True, slots=True)
class Participant:
    name: str | None
    email: str | None


@dataclass(frozen=True, slots=True)
class MeetingMeta:
    """What a sidecar says. `start_time` is aware and keeps the zone that the file wrote."""

    start_time: datetime | None = None
    title: str | None = None
    participants: tuple[Participant, ...] = ()


def read_meeting_meta(raw: bytes) -> MeetingMeta:
    """Missing and null keys are None or empty, unknown keys are left alone.

    Raises InvalidInput when it is no JSON object, or a known key has another shape.
    """
    try:
        loaded = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise InvalidInput("The meeting's .meta.json is no JSON.", remedy=_EXPECTED) from error
    if not isinstance(loaded, Mapping):
        raise InvalidInput("The meeting's .meta.json is no object.", remedy=_EXPECTED)
    people = loaded.get("participants")
    people = [] if people is None else people
    if not isinstance(people, list):
        raise InvalidInput("participants in .meta.json is no list.", remedy=_EXPECTED)
    return MeetingMeta(
        start_time=_start_time(_text(loaded, "start_time")),
        title=_text(loaded, "title"),
        participants=tuple(_participant(person) for person in people),
    )


def _text(record: Mapping[str, Any], key: str) -> str | None:
    value = record.get(key)
    if value is not None and not isinstance(value, str):
        raise InvalidInput(f"{key} in .meta.json is no text.", remedy=_EXPECTED)
    return (value or "").strip() or None


def _start_time(written: str | None) -> datetime | None:
    if written is None:
        return None
    try:
        moment = datetime.fromisoformat(written)
    except ValueError as error:
        raise InvalidInput("start_time in .meta.json is no time.", remedy=_EXPECTED) from error
    if moment.utcoffset() is None:
        raise InvalidInput(
            "start_time in .meta.json has no time zone.",
            remedy="Write the zone too, such as 2026-11-19T15:00:00+08:00.",
        )
    return moment


def _participant(person: Any) -> Participant:
    if isinstance(person, str):
        return Participant(person.strip() or None, None)
    if not isinstance(person, Mapping):
        raise InvalidInput("A participant in .meta.json is no object.", remedy=_EXPECTED)
    return Participant(_text(person, "name"), _text(person, "email"))


def role_of(*, name: str | None, email: str | None, deal: Deal) -> Match:
    """The role and, for the customer, which contact; UNKNOWN wherever two people fit.

    An address decides by itself, as a whole and whatever its case. Where it is nobody's, the name
    counts only for people of whom the record holds no address: with another address on record it
    may be a namesake, or someone who borrowed the name.
    """
    address = _address(email)
    people = _people(deal)
    if address:
        owners = [match for match, _, known in people if known == address]
        if owners:
            return _agreed(owners)
        people = [person for person in people if person[2] is None]
    if not name:
        return UNKNOWN
    keys = _display_keys(name)
    fits = [match for match, known, _ in people if known and keys & _name_keys(known)]
    return fits[0] if len(fits) == 1 else UNKNOWN


def role_in_meeting(speaker: str | None, *, deal: Deal, participants: Iterable[Any]) -> Match:
    """`role_of` a display name, by the address that the participant list gives it.

    Participants have `.name` and `.email`. Where the list gives the name to several people, all of
    them must be the same person to us.
    """
    if not speaker:
        return UNKNOWN
    listed = [(_name_keys(p.name), _address(p.email)) for p in participants if p.name]
    addresses = _addresses(listed, _name_keys(speaker))
    if not addresses:
        addresses = _addresses(listed, _display_keys(speaker))
    matches = {role_of(name=speaker, email=email, deal=deal) for email in addresses or {None}}
    return matches.pop() if len(matches) == 1 else UNKNOWN


def _addresses(
    listed: list[tuple[frozenset[str], str | None]], keys: frozenset[str]
) -> set[str | None]:
    return {address for known, address in listed if keys & known}


def _people(deal: Deal) -> list[tuple[Match, str | None, str | None]]:
    """(what it means, name, address) of everyone on the record."""
    people: list[tuple[Match, str | None, str | None]] = [
        ((Role.CUSTOMER, c.id), c.name, _address(c.email)) for c in deal.contacts
    ]
    if deal.rep is not None:
        people.append(((Role.REP, None), deal.rep.name, _address(deal.rep.email)))
    return people


def _agreed(owners: list[Match]) -> Match:
    """A mailbox that several contacts share is the customer's, though nobody's in particular."""
    if len(owners) == 1:
        return owners[0]
    roles = {role for role, _ in owners}
    return (roles.pop(), None) if len(roles) == 1 else UNKNOWN


def _address(email: str | None) -> str | None:
    return (email or "").strip().casefold() or None


def _name_keys(name: str) -> frozenset[str]:
    """The spellings of a whole name: without brackets and honorific, either side of a comma."""
    folded = normalise(name, casefold=True).text
    if _STAND_IN.search(folded):
        return frozenset({" ".join(folded.split())})
    bare = " ".join(_BRACKETED.sub(" ", folded).split())
    bare = _HONORIFIC.sub("", _BETWEEN_HAN.sub("", bare), count=1)
    keys = {bare}
    family, comma, given = (part.strip() for part in bare.partition(","))
    if comma and family and given and "," not in given:
        keys |= {f"{given} {family}", f"{family} {given}"}
        if _HAS_HAN.search(bare):
            keys.add(family + given)
    return frozenset(key for key in keys if key)


def _display_keys(name: str) -> frozenset[str]:
    """`_name_keys`, and each part of a decorated display name, unless it is a stand-in's."""
    folded = normalise(name, casefold=True).text
    whole = _name_keys(name)
    if _STAND_IN.search(folded):
        return whole
    bare = " ".join(_BRACKETED.sub(" ", folded).split())
    parts = {part for piece in _SEPARATOR.split(bare) for part in (piece, *_HAN_SPACE.split(piece))}
    return whole | {key for part in parts if part.strip() for key in _name_keys(part)}
