"""The pages' own files: both languages complete, and no way in for markup."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import api
from agents.coach.playbook import FORBIDDEN_MOVES
from agents.intent.taxonomy import load_taxonomy
from core.domain import Channel, Role, Stage
from feedback.calibration import WEIGHTS
from feedback.verdicts import REASON_CODES
from knowledge_graph.crm.deal_folder import CRM_FIELDS

WEB = Path(api.__file__).parent / "web"
SCRIPTS = sorted(WEB.glob("*.js"))
PAGES = sorted(WEB.rglob("*.html"))
# Keys that are put together from a code at run time.
COMPOSED = re.compile(
    r"(field|stage|budget|industry|channel|role|word|basis|feature|reason|forbidden|intent"
    r"|severity|region|verdict|source|origin)\."
)


def words() -> dict[str, list[str]]:
    source = (WEB / "i18n.js").read_text(encoding="utf-8")
    table = source.split("const WORDS = ", 1)[1].split("\n};", 1)[0] + "\n}"
    found: dict[str, list[str]] = json.loads(table)
    return found


def used() -> set[str]:
    pattern = re.compile(r"'((?:[a-z]+)\.[a-z_0-9.]+)'")
    return {key for file in SCRIPTS for key in pattern.findall(file.read_text(encoding="utf-8"))}


def test_every_word_is_there_in_both_languages() -> None:
    for key, pair in words().items():
        assert len(pair) == 2, key
        assert all(text.strip() for text in pair), key
        places = [set(re.findall(r"\{\w+\}", text)) for text in pair]
        assert places[0] == places[1], key


def test_chinese_words_are_chinese_and_english_ones_english() -> None:
    han = re.compile(r"[\u4e00-\u9fff]")
    for key, (chinese, english) in words().items():
        assert not han.search(english), key
        without_places = re.sub(r"\{\w+\}", "", chinese)
        says_nothing = not re.search(r"\w", without_places)
        assert han.search(chinese) or chinese == english or says_nothing, key


@pytest.mark.parametrize(
    ("prefix", "codes"),
    [
        ("intent", load_taxonomy().ids),
        ("reason", REASON_CODES),
        ("forbidden", sorted(FORBIDDEN_MOVES)),
        ("stage", [str(s) for s in Stage]),
        ("channel", [str(c) for c in Channel]),
        ("role", [str(r) for r in Role]),
        ("field", list(CRM_FIELDS)),
        ("feature", list(WEIGHTS)),
        ("word", ["low", "medium", "high"]),
        ("severity", ["low", "medium", "high"]),
        ("basis", ["prior", "calibrated"]),
        ("verdict", ["accepted", "partly_accepted", "rejected"]),
        ("region", ["quoted", "signature", "footer"]),
        ("budget", ["unknown", "doubtful", "approved"]),
    ],
)
def test_every_code_of_the_product_has_words(prefix: str, codes: list[str]) -> None:
    table = words()
    assert [code for code in codes if f"{prefix}.{code}" not in table] == []


def test_the_scripts_use_no_word_that_is_missing_and_keep_none_that_is_unused() -> None:
    table, named = set(words()), used()
    files = {f"{p.stem}.js" for p in SCRIPTS}
    missing = {k for k in named if k.split(".")[0] in {w.split(".")[0] for w in table}} - table
    assert {k for k in missing if k not in files and not k.endswith(".")} == set()
    assert {k for k in table - named if not COMPOSED.match(k)} == set()


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda p: p.name)
def test_scripts_put_text_in_the_page_as_text_only(file: Path) -> None:
    source = file.read_text(encoding="utf-8")
    for way_in in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "DOMParser",
        "eval(",
        "new Function",
        "srcdoc",
        "setHTML",
    ):
        assert way_in not in source
    assert len(source.splitlines()) <= 400


@pytest.mark.parametrize("file", PAGES, ids=lambda p: p.name)
def test_pages_hold_no_inline_script_or_style(file: Path) -> None:
    source = file.read_text(encoding="utf-8")
    assert not re.search(r"<script(?![^>]*\ssrc=)", source)
    assert not re.search(r"<style|\sstyle=|\son\w+=", source)
    assert not re.search(r"https?://", source)


def test_nothing_is_loaded_from_elsewhere() -> None:
    for file in (*SCRIPTS, WEB / "styles.css"):
        source = file.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?://|@import|url\(", source), file.name


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_stands_out_enough_from_what_lies_below_it(theme: str) -> None:
    styles = (WEB / "styles.css").read_text(encoding="utf-8")
    light, _, dark = styles.partition("prefers-color-scheme: dark")
    block = light if theme == "light" else dark.split("*::before", 1)[0]
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))
    grounds = ("ground", "surface", "rail")
    pairs = [(ink, ground) for ink in ("ink", "ink-2", "ink-3") for ground in grounds]
    pairs += [("accent", ground) for ground in ("ground", "surface", "accent-soft")]
    pairs += [("accent-ink", "accent"), ("mark-ink", "mark"), ("ink-3", "line")]
    pairs += [("red", "red-soft"), ("red", "ground"), ("amber", "amber-soft"), ("green", "ground")]
    weak = {p: round(contrast(colours[p[0]], colours[p[1]]), 2) for p in pairs}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}


def test_every_module_that_is_imported_exists() -> None:
    for file in SCRIPTS:
        for name in re.findall(r"from '\./([\w.]+)'", file.read_text(encoding="utf-8")):
            assert (WEB / name).is_file(), f"{file.name} imports {name}"
