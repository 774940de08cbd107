"""A deviation's proposed change waits for a person, and the answer is still there afterwards."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

DEAL = "opp-hlm-1"


@pytest.mark.parametrize(
    ("field", "yes", "said"),
    [
        ("amount", "Agree", "Agreed. Update it in the CRM."),
        ("competitors", "Keep as is", "Noted: kept as it is."),
    ],
)
def test_a_yes_or_no_to_a_crm_change_is_kept(
    open_page: Callable[..., Page], field: str, yes: str, said: str
) -> None:
    page = open_page(DEAL, locale="en-GB", width=390)
    deviation = page.locator(f"#deviation-{field}")
    deviation.get_by_role("button", name=yes).click()
    expect(deviation).to_contain_text(said)
    expect(deviation.get_by_role("button", name="Agree")).to_have_count(0)
    page.reload()
    expect(deviation).to_contain_text(said)
