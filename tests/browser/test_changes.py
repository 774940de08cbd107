"""Words passed on and minds changed, as the sidebar shows them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

pytestmark = pytest.mark.browser

DEAL = "opp-renhe-pacs"


@pytest.mark.parametrize(
    ("locale", "mark", "change"),
    [
        ("zh-CN", "转述", "改口：此前是“预算到位”"),
        ("en-GB", "reported", "changed: earlier “Budget ready”"),
    ],
)
def test_reported_words_are_marked_and_a_change_of_mind_opens_the_earlier_words(
    open_page: Callable[..., Page], locale: str, mark: str, change: str
) -> None:
    page = open_page(DEAL, locale=locale, width=390)
    earlier: dict[str, Any] = {}

    def changed(route: Route) -> None:
        """What the server says, with a change of mind in its first intent."""
        response = route.fetch()
        answer = response.json()
        first, second = answer["intents"][:2]
        earlier.update(second["evidence"][0])
        for evidence in first["evidence"]:
            evidence["reported"] = 0.8
        for evidence in second["evidence"]:
            evidence["reported"] = None
        first["p"] = second["p"] = 0.99
        first["changed_from"] = {"intent": "money.budget_ready", "evidence": earlier}
        second["changed_from"] = None
        route.fulfill(response=response, json=answer)

    page.route(f"**/v1/deals/{DEAL}/coach", changed)
    page.reload()
    intents = page.locator("#coach .intents .intent")
    first = intents.nth(0)
    expect(first.locator(".chips .chip-mark").first).to_have_text(mark)
    expect(intents.nth(1).locator(".chip-mark")).to_have_count(0)
    expect(first.locator(".changed")).to_contain_text(change)
    expect(first.locator(".chips .chip").first).to_have_accessible_name(re.compile(mark))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    first.locator(".changed .chip").click()
    expect(page.locator("#drawer mark")).to_have_text(earlier["quote"])
