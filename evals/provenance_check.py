"""An independent check of what is shown: every claim's evidence, re-read from the original files.

It shares no code with the verifier or the parsers: e-mails are decoded with the standard library,
spans are cut from the files on disk, hashes are taken anew. So a bug in the product's own reading
cannot confirm itself.
"""

from __future__ import annotations

import email
import hashlib
import json
import tempfile
from collections import Counter
from email import policy
from pathlib import Path
from typing import Any

from agents.backends import open_backends
from agents.coach.graph import Coach
from agents.ingestion.ingest import ingest
from core.domain import Channel, CoachAnswer, Evidence
from core.settings import Settings

ROOT = Path(__file__).parents[1]
SAMPLES = Path(__file__).parent / "samples"


def original_text(file: Path) -> tuple[str, bool]:
    """(the file's original text as docs/evidence.md defines it, whether it is still HTML)."""
    raw = file.read_bytes()
    if file.suffix == ".eml":
        return _mail_text(raw)
    text = raw.decode("utf-8-sig")
    if file.suffix == ".json" and file.name != "deal.json":
        paragraphs = json.loads(text)["minutes"]["paragraphs"]
        lines = ("".join(w["text"] for s in p["sentences"] for w in s["words"]) for p in paragraphs)
        return "\n".join(lines), False
    return text, False


def _mail_text(raw: bytes) -> tuple[str, bool]:
    message = email.message_from_bytes(raw, policy=policy.compat32)
    plain: list[str] = []
    html: list[str] = []
    for part in message.walk():
        if part.get_content_maintype() != "text" or part.get_filename():
            continue
        charset = (part.get_content_charset() or "utf-8").lower()
        charset = "gb18030" if charset in ("gb2312", "gbk") else charset
        payload = part.get_payload(decode=True)
        assert isinstance(payload, bytes)
        text = payload.decode(charset).replace("\r\n", "\n")
        (plain if part.get_content_subtype() == "plain" else html).append(text)
    return "\n\n".join(plain or html), not plain


def problems_of(evidence: Evidence, folder: Path) -> list[str]:
    """What does not hold for one piece of evidence; empty when all does."""
    base = ROOT if evidence.channel is Channel.TERM else folder
    file = base / evidence.file
    found = []
    if hashlib.sha256(file.read_bytes()).hexdigest() != evidence.source_sha256:
        found.append("hash")
    text, is_html = original_text(file)
    if is_html:
        # An HTML-only mail: its rendering is the product's, so only the words are compared.
        words = "".join(evidence.quote.split())
        return found if words in _without_tags(text) else [*found, "quote"]
    if text[evidence.start : evidence.end] != evidence.quote:
        found.append("span")
    return found


def _without_tags(html: str) -> str:
    import re
    from html import unescape

    return "".join(unescape(re.sub(r"<[^>]+>", "", html)).split())


def all_evidence(answer: CoachAnswer) -> list[Evidence]:
    """Everything that the sidebar could highlight for one answer."""
    found = [e for s in answer.suggestions for c in s.claims for e in c.evidence]
    found += [e for i in answer.intents for e in i.evidence]
    for deviation in answer.report.deviations:
        found += deviation.evidence
        found += [deviation.crm_evidence] if deviation.crm_evidence else []
    return found


def check_folder(samples: Path) -> dict[str, Any]:
    """Counts over every deal folder below `samples`, in a scratch state."""
    with tempfile.TemporaryDirectory(prefix="junshi-eval-") as home:
        settings = Settings(home=Path(home), database_url="")
        opened = open_backends(settings)
        coach = Coach(opened)
        wrong: Counter[str] = Counter()
        n_evidence = n_claims = n_failed_claims = 0
        for record in sorted(samples.glob("*/deal.json")):
            report = ingest(opened, record.parent, tenant_id=settings.tenant)
            answer = coach.suggest(tenant_id=settings.tenant, deal_id=report.deals[0])
            for suggestion in answer.suggestions:
                for claim in suggestion.claims:
                    n_claims += 1
                    n_failed_claims += any(problems_of(e, record.parent) for e in claim.evidence)
            for evidence in all_evidence(answer):
                n_evidence += 1
                wrong.update(problems_of(evidence, record.parent))
        opened.database.dispose()
    return {
        "n_claims": n_claims,
        "n_claims_that_fail": n_failed_claims,
        "n_evidence": n_evidence,
        "problems": dict(wrong),
    }


def run() -> dict[str, Any]:
    return check_folder(SAMPLES)
