"""From a CRM record as JSON to a typed Deal, keeping what is right and naming what is not.

Real records are untidy: a field of the wrong type must not cost the whole deal, nor be guessed.
So this never raises: what cannot be read becomes None and a problem in plain words. Ids that are
missing are derived from names, so that a second ingestion finds the same account again.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from core.domain import (
    Account,
    AccountId,
    Contact,
    ContactId,
    Deal,
    DealId,
    Opportunity,
    Rep,
    RepId,
    Stage,
)
from knowledge_graph.crm.fields import FieldReader, storable

BUDGET_STATUSES = ("unknown", "doubtful", "approved")

_TOP_KEYS = frozenset({"account", "contacts", "rep", "opportunity", "products"})
_ACCOUNT_KEYS = frozenset({"id", "name", "industry", "region", "n_employees"})
_CONTACT_KEYS = frozenset({"id", "name", "title", "email", "phone"})
_REP_KEYS = frozenset({"id", "name", "email", "team"})
_OPPORTUNITY_KEYS = frozenset(
    "id name stage amount currency created_at expected_close closed_at budget_status"
    " decision_maker competitors trial_window next_step updated_at csat".split()
)

# How CRMs name the industries that have a term pack; any other industry is kept in lower case.
_INDUSTRY_NAMES: Mapping[str, str] = {
    "manufacturing": "manufacturing|manufacturer|manufacturers|industrial|industry|制造业|制造"
    "|制造行业|工业|工业制造|智能制造|先进制造|装备制造|装备制造业|生产制造|汽车零部件|机械制造|电子制造",
    "saas": "saas|software|software as a service|software & saas|it services|it|internet|软件"
    "|软件业|软件行业|软件服务|企业服务|企业软件|互联网|信息技术|软件和信息技术服务业|软件与信息技术",
    "retail": "retail|retailing|retailer|e-commerce|ecommerce|零售|零售业|零售行业|新零售|连锁零售"
    "|电商|电子商务|商超|批发零售|批发和零售业",
    "education": "education|edtech|higher education|k12|schools|school|university|教育|教育业"
    "|教育行业|教育培训|高等教育|职业教育|高校|学校|院校|培训",
    "medical": "medical|healthcare|health care|health|hospital|hospitals|pharma"
    "|medical devices|life sciences|医疗|医疗业|医疗行业|医疗健康|医疗卫生|卫生|医院|医药|医疗器械"
    "|大健康|生命科学",
}
_INDUSTRIES = {
    name: industry for industry, names in _INDUSTRY_NAMES.items() for name in names.split("|")
}
_SUBDIVIDED = re.compile(r"\s*[/>|::((—–]\s*|\s+-\s+")
_CURRENCY = re.compile(r"[A-Z]{3}")
_CURRENCY_NAMES = {"RMB": "CNY", "人民币": "CNY"}


class ParsedRecord(NamedTuple):
    """The deal and, in reading order, what is wrong with the record."""

    deal: Deal
    problems: list[str]


def parse_record(record: Mapping[str, Any], *, fallback_id: str) -> ParsedRecord:
    """The deal in a decoded deal.json. Never raises; `fallback_id` names a deal without an id.

    Keys that the format does not know stay in `extra`, below their parent's name.
    """
    problems: list[str] = []
    top = FieldReader(record, path="", problems=problems)
    opportunity, account, rep = top.child("opportunity"), top.child("account"), top.child("rep")
    deal_id = opportunity.text("id", also_number=True) or storable(fallback_id)
    contacts, contacts_extra = _contacts(top)
    extra = top.unknown(_TOP_KEYS)
    for key, unknown in (
        ("account", account.unknown(_ACCOUNT_KEYS)),
        ("contacts", contacts_extra),
        ("rep", rep.unknown(_REP_KEYS)),
        ("opportunity", opportunity.unknown(_OPPORTUNITY_KEYS)),
    ):
        if unknown:
            extra[key] = unknown
    deal = Deal(
        account=_account(account, deal_id=deal_id),
        opportunity=_opportunity(opportunity, deal_id=deal_id, contacts=contacts),
        contacts=contacts,
        rep=_rep(rep),
        products=top.texts("products"),
        extra=extra,
    )
    return ParsedRecord(deal, problems)


def canonical_industry(name: str) -> str:
    """The term pack's name where the industry has one, else the name in lower case."""
    plain = " ".join(name.casefold().split())
    general = _SUBDIVIDED.split(plain, maxsplit=1)[0]
    return _INDUSTRIES.get(plain) or _INDUSTRIES.get(general) or plain


def _derived_id(prefix: str, name: str) -> str:
    plain = " ".join(name.casefold().split())
    return f"{prefix}-{hashlib.sha256(plain.encode()).hexdigest()[:12]}"


def _account(reader: FieldReader, *, deal_id: str) -> Account:
    name = reader.text("name")
    if name is None:
        reader.note("name", "is missing: the account has no name")
    account_id = reader.text("id", also_number=True)
    industry = reader.text("industry")
    return Account(
        id=AccountId(account_id or _derived_id("acc", name or deal_id)),
        name=name or account_id or deal_id,
        industry=canonical_industry(industry) if industry else None,
        region=reader.text("region"),
        n_employees=reader.count("n_employees"),
    )


def _contacts(top: FieldReader) -> tuple[tuple[Contact, ...], dict[str, Any]]:
    contacts: dict[str, Contact] = {}
    extra: dict[str, Any] = {}
    for reader in top.children("contacts"):
        name, email = reader.text("name"), reader.text("email")
        known_as = name or email
        if known_as is None:
            reader.note("name", "is missing: a contact without name and e-mail is left out")
            continue
        contact_id = reader.text("id", also_number=True) or _derived_id("c", email or known_as)
        if contact_id in contacts:
            reader.note("id", "is another contact's id too")
            contact_id = _derived_id("c", f"{contact_id} {email or known_as}")
            if contact_id in contacts:
                continue
        contacts[contact_id] = Contact(
            id=ContactId(contact_id),
            name=known_as,
            title=reader.text("title"),
            email=email,
            phone=reader.text("phone", also_number=True),
        )
        if unknown := reader.unknown(_CONTACT_KEYS):
            extra[contact_id] = unknown
    return tuple(contacts.values()), extra


def _rep(reader: FieldReader) -> Rep | None:
    rep_id = reader.text("id", also_number=True)
    name, email = reader.text("name"), reader.text("email")
    known_as = name or email or rep_id
    if known_as is None:
        return None
    return Rep(
        id=RepId(rep_id or _derived_id("rep", email or known_as)),
        name=known_as,
        email=email,
        team=reader.text("team"),
    )


def _opportunity(
    reader: FieldReader, *, deal_id: str, contacts: tuple[Contact, ...]
) -> Opportunity:
    trial = reader.child("trial_window")
    start, end = trial.day("start"), trial.day("end")
    if start and end and start > end:
        reader.note("trial_window", "ends before it starts")
    return Opportunity(
        id=DealId(deal_id),
        name=reader.text("name") or deal_id,
        stage=_stage(reader),
        amount=reader.amount("amount"),
        currency=_currency(reader),
        created_at=reader.instant("created_at"),
        expected_close=reader.day("expected_close"),
        closed_at=reader.instant("closed_at"),
        budget_status=_budget_status(reader),
        decision_maker=_decision_maker(reader, contacts),
        competitors=reader.texts("competitors"),
        trial_start=start,
        trial_end=end,
        next_step=reader.text("next_step"),
        updated_at=reader.instant("updated_at"),
        csat=reader.real("csat"),
    )


def _stage(reader: FieldReader) -> Stage | None:
    text = reader.text("stage")
    if text is None:
        return None
    try:
        return Stage(text.casefold())
    except ValueError:
        reader.note("stage", f"is none of {', '.join(Stage)}")
        return None


def _currency(reader: FieldReader) -> str | None:
    text = reader.text("currency")
    if text is None:
        return None
    code = _CURRENCY_NAMES.get(text.upper(), text.upper())
    if not _CURRENCY.fullmatch(code):
        reader.note("currency", "is no ISO 4217 code")
        return None
    return code


def _budget_status(reader: FieldReader) -> str | None:
    text = reader.text("budget_status")
    if text is None:
        return None
    if text.casefold() not in BUDGET_STATUSES:
        reader.note("budget_status", f"is none of {', '.join(BUDGET_STATUSES)}")
        return None
    return text.casefold()


def _decision_maker(reader: FieldReader, contacts: tuple[Contact, ...]) -> ContactId | None:
    """A contact's id; a contact's name or address in its place is understood, others are kept."""
    text = reader.text("decision_maker", also_number=True)
    if text is None or any(contact.id == text for contact in contacts):
        return ContactId(text) if text else None
    for contact in contacts:
        if text.casefold() in (contact.name.casefold(), (contact.email or "").casefold()):
            return contact.id
    reader.note("decision_maker", "is none of the contacts")
    return ContactId(text)
