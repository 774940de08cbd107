"""The director's page: who said what, and its export files, in a real browser."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

Open = Callable[..., Page]


@pytest.mark.parametrize(("deal", "locale"), [("opp-hlm-1", "en-GB"), ("opp-renhe-pacs", "zh-CN")])
def test_a_card_leads_to_who_said_what_and_to_the_export_files(
    open_page: Open, deal: str, locale: str
) -> None:
    page = open_page(deal, locale=locale)
    with page.context.expect_page() as opening:
        page.locator("#coach .card").first.locator(".card-origin a").click()
    origin = opening.value
    first = origin.locator(".origin-claim").first
    expect(first).to_have_attribute("data-holds", "yes")
    expect(first.locator("mark").first).not_to_be_empty()
    expect(first.locator(".origin-who").first).not_to_be_empty()
    assert origin.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for format, ending in (("prov", ".prov.json"), ("annotations", ".annotations.jsonld")):
        with origin.expect_download() as saving:
            origin.locator(f'[data-format="{format}"]').click()
        assert saving.value.suggested_filename.endswith(ending)
        assert json.loads(Path(saving.value.path()).read_text(encoding="utf-8"))
