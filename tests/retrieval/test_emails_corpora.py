"""Real mail: MIME test collections, Enron, and the sample deals."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.settings import Settings
from retrieval.emails import ParsedEmail, parse_email

SAMPLES = Path(__file__).parents[2] / "evals" / "samples"


def public_files(folder: str) -> list[Path]:
    root = Settings().shared / "data" / "emails" / folder
    files = sorted(path for path in root.rglob("*") if path.is_file())
    if not files:
        pytest.skip(f"public material {folder} is not on this machine")
    return files


def visible(parsed: ParsedEmail) -> str:
    return "".join(parsed.text[r.start : r.end] for r in parsed.regions if r.kind == "body").strip()


def covers(parsed: ParsedEmail) -> bool:
    edges = [(r.start, r.end) for r in parsed.regions]
    ends = [0] + [end for _, end in edges]
    starts = [start for start, _ in edges] + [len(parsed.text)]
    return ends == starts


@pytest.mark.parametrize("folder", ["mime", "enron_raw"])
def test_every_mail_of_the_corpora_is_read(folder: str) -> None:
    for path in public_files(folder):
        parsed = parse_email(path.read_bytes(), deadline_s=30)
        assert covers(parsed), path.name
        assert not any("not readable (" in note for note in parsed.notes), path.name
        assert "deadline" not in parsed.notes, path.name


def test_enron_headers_are_complete() -> None:
    parsed = [parse_email(path.read_bytes(), deadline_s=30) for path in public_files("enron_raw")]
    assert all(p.sender and p.sender.email and p.sent_at and p.message_id for p in parsed)
    assert not any(p.is_automatic for p in parsed)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("16367617_thunderbird.eml", "Hello"),
        ("564ee2d0_iphone.eml", "Hello"),
        ("5a7b8fce_apple_mail.eml", "Hello"),
        ("3dfb7cf6_email_2_2.txt", "Outlook with a reply directly above line"),
        ("28ddf661_raw_email2.eml", "We should not include these files or vcards as attachments."),
        ("89f36e39_japanese.eml", "かきくえこ"),
        ("4e9c62e0_ks_c_5601-1987.eml", "스티해"),
    ],
)
def test_visible_body_is_the_reply_that_other_parsers_expect(name: str, words: str) -> None:
    path = next((p for p in public_files("mime") if p.name == name), None)
    assert path is not None
    raw = path.read_bytes()
    raw = raw if path.suffix == ".eml" else b"Subject: x\n\n" + raw
    assert visible(parse_email(raw)) == words


@pytest.mark.parametrize(
    "name",
    [
        "1f4ea248_multi_address_bounce1.eml",
        "ffb56e6f_report_530.eml",
        "8e1af78c_office365.eml",
        "b176ed1f_mailbox-full.eml",
        "451fab2c_delayed-broken.eml",
    ],
)
def test_bounces_of_the_corpora_are_automatic(name: str) -> None:
    path = next((p for p in public_files("mime") if p.name == name), None)
    assert path is not None
    assert parse_email(path.read_bytes()).is_automatic


def quotes(node: Any) -> Iterator[tuple[str, str]]:
    if isinstance(node, dict):
        if "file" in node and "quote" in node:
            yield node["file"], node["quote"]
        for value in node.values():
            yield from quotes(value)
    elif isinstance(node, list):
        for value in node:
            yield from quotes(value)


@pytest.mark.parametrize("deal", sorted(p.name for p in SAMPLES.iterdir() if p.is_dir()))
def test_sample_mails_keep_every_quoted_customer_sentence(deal: str) -> None:
    expected = json.loads((SAMPLES / deal / "expected.json").read_text(encoding="utf-8"))
    for file, quote in set(quotes(expected)):
        if file.endswith(".eml"):
            raw = (SAMPLES / deal / file).read_bytes()
            assert quote in visible(parse_email(raw)), (file, quote)


def test_sample_auto_replies_are_automatic_and_the_rest_is_not() -> None:
    mails = {p.name: parse_email(p.read_bytes()) for p in SAMPLES.glob("*/emails/*.eml")}
    automatic = {name for name, parsed in mails.items() if parsed.is_automatic}
    assert automatic == {"2026-11-11-sun-zhiqiang-auto-reply.eml", "04-out-of-office.eml"}
    assert all(parsed.sent_at and parsed.sender for parsed in mails.values())
