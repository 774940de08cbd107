"""The pages in a real browser against a real server process, as a rep uses them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser

Open = Callable[..., Page]

ENGLISH_DEAL = "opp-hlm-1"
CHINESE_DEAL = "opp-renhe-pacs"


def cards(page: Page) -> Locator:
    return page.locator("#coach .card")


def chips(page: Page, channel: str) -> Locator:
    return page.locator(f'#coach .chip[data-channel="{channel}"]')


def answer_of(page: Page, deal: str) -> dict[str, Any]:
    """What the API says to the page's own key."""
    shape: dict[str, Any] = page.evaluate(
        """async (deal) => (await import('/api.js')).answer(deal)""", deal
    )
    return shape


def test_the_page_shows_one_to_five_suggestions_beside_the_record(open_page: Open) -> None:
    page = open_page(ENGLISH_DEAL)
    expect(cards(page).first).to_be_visible()
    assert 1 <= cards(page).count() <= 5
    expect(page.locator("#record h1")).to_contain_text("Harbor Lane")
    first = cards(page).first
    expect(first.locator(".share")).to_have_text(re.compile(r"^\d+%$"))
    expect(first.locator(".confidence .word")).to_have_text(re.compile("^(low|medium|high)$"))
    expect(first.locator(".basis")).to_have_text("prior")
    expect(first.locator(".claim .chip").first).to_be_visible()
    expect(page.locator("#coach .intents .intent").first).to_be_visible()
    expect(page.locator("#coach .deviations .settled")).to_be_visible()


@pytest.mark.parametrize(
    ("deal", "channel"),
    [
        (ENGLISH_DEAL, "email"),
        (ENGLISH_DEAL, "meeting"),
        (ENGLISH_DEAL, "crm"),
        (CHINESE_DEAL, "email"),
        (CHINESE_DEAL, "meeting"),
        (CHINESE_DEAL, "term"),
    ],
)
def test_a_chip_opens_the_source_with_exactly_the_quoted_words_marked(
    open_page: Open, deal: str, channel: str
) -> None:
    page = open_page(deal)
    expect(cards(page).first).to_be_visible()
    answer = answer_of(page, deal)
    shown = [e for s in answer["suggestions"] for c in s["claims"] for e in c["evidence"]]
    shown += [e for intent in answer["intents"] for e in intent["evidence"]]
    quote = next(e["quote"] for e in shown if e["channel"] == channel)
    chips(page, channel).first.click()
    mark = page.locator("#drawer mark")
    expect(mark).to_be_in_viewport()
    assert mark.count() == 1
    assert mark.evaluate("mark => mark.textContent") == quote


def test_a_meeting_shows_the_cited_speaker_and_time(open_page: Open) -> None:
    page = open_page(ENGLISH_DEAL)
    chips(page, "meeting").first.click()
    cited = page.locator('#drawer .utterance[data-cited="yes"]')
    expect(cited).to_have_count(1)
    expect(cited.locator(".time")).to_have_text(re.compile(r"^\d\d:\d\d$"))
    expect(cited.locator(".speaker")).not_to_be_empty()


@pytest.mark.parametrize(
    ("deal", "locale", "title"),
    [(ENGLISH_DEAL, "en-GB", "Key moments"), (CHINESE_DEAL, "zh-CN", "关键时刻")],
)
def test_a_meetings_key_moments_are_one_line_until_opened_and_lead_to_their_words(
    open_page: Open, deal: str, locale: str, title: str
) -> None:
    page = open_page(deal, locale=locale, width=390)
    summary = page.locator("#coach .moments summary")
    expect(summary).to_contain_text(title)
    assert page.locator("#coach .moments").evaluate("e => e.offsetHeight") < 50
    summary.click()
    moments = page.locator("#coach .moment")
    expect(moments.first).to_be_visible(timeout=30_000)
    assert 1 <= moments.count() <= 4
    expect(moments.first.locator(".moment-time")).to_have_text(re.compile(r"^\d\d:\d\d$"))
    quote = moments.first.locator(".moment-quote").inner_text().strip("“”")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    moments.first.click()
    mark = page.locator("#drawer mark")
    expect(mark).to_be_in_viewport()
    assert mark.evaluate("mark => mark.textContent") == quote


def test_focus_goes_into_the_drawer_and_back_to_the_chip(open_page: Open) -> None:
    page = open_page(ENGLISH_DEAL)
    chip = chips(page, "email").first
    chip.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#drawer .drawer-close")).to_be_focused()
    expect(chip).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(page.locator("#drawer")).to_be_hidden()
    expect(chip).to_be_focused()
    expect(chip).to_have_attribute("aria-expanded", "false")


def test_a_rejection_with_its_reason_survives_a_restart(open_page: Open, server: Any) -> None:
    page = open_page(ENGLISH_DEAL)
    card = cards(page).last
    rejected = card.get_attribute("data-suggestion")
    card.locator('[data-verdict="reject"]').click()
    card.locator('[type="submit"]').click()
    expect(card.locator(".fault")).to_be_visible()
    card.locator("select").select_option("wrong_stage")
    card.locator("textarea").fill("too early <b>for this</b>")
    card.locator('[type="submit"]').click()
    expect(card.locator(".verdict-line")).to_contain_text("Rejected")
    expect(card.locator(".verdict-line")).to_contain_text("you")

    server.restart()
    page.reload()
    past = page.locator(f'#coach .past[data-suggestion="{rejected}"]')
    expect(past).to_contain_text("Rejected")
    expect(past).to_contain_text("Wrong stage")
    expect(past).to_contain_text("too early <b>for this</b>")
    expect(cards(page).first).to_be_visible()
    assert rejected not in cards(page).evaluate_all("all => all.map(c => c.dataset.suggestion)")


def test_an_acceptance_stays_on_its_card_and_can_be_changed_to_partly(open_page: Open) -> None:
    page = open_page(CHINESE_DEAL, locale="zh-CN")
    card = cards(page).filter(has=page.locator(".claim:nth-child(2)")).first
    card.locator('[data-verdict="accept"]').click()
    expect(card.locator(".verdict-line")).to_contain_text("已采纳")
    page.reload()
    expect(card.locator(".verdict-line")).to_contain_text("已采纳")
    card.get_by_role("button", name="更改").click()
    card.locator('[data-verdict="partly"]').click()
    card.locator('[type="submit"]').click()
    expect(card.locator(".fault")).to_be_visible()
    card.locator('input[type="checkbox"]').first.check()
    card.locator('[type="submit"]').click()
    expect(card.locator(".verdict-line")).to_contain_text("已部分采纳")
    page.reload()
    expect(card.locator(".verdict")).to_contain_text("成立：1")


def test_the_language_switch_changes_every_word_and_is_remembered(open_page: Open) -> None:
    page = open_page(CHINESE_DEAL, locale="en-GB")
    expect(page.locator("#section-intents")).to_have_text("What the customer wants")
    open_card = cards(page).filter(has=page.locator('[data-verdict="reject"]')).first
    card = page.locator(f'.card[data-suggestion="{open_card.get_attribute("data-suggestion")}"]')
    card.locator('[data-verdict="reject"]').click()
    card.locator("textarea").fill("half a thought")
    page.get_by_role("button", name="中文").click()
    expect(page.locator("#section-intents")).to_have_text("客户想要什么")
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(card.locator("textarea")).to_have_value("half a thought")
    page.reload()
    expect(page.locator("#section-intents")).to_have_text("客户想要什么")


def test_a_hostile_mail_is_text_and_nothing_else(open_page: Open, hostile_words: str) -> None:
    page = open_page(ENGLISH_DEAL)
    page.locator(".touchpoint").first.click()
    source = page.locator("#drawer .source")
    expect(source).to_contain_text(hostile_words)
    assert page.evaluate("window.broken") is None
    assert source.locator("img, script").count() == 0
    assert not [c for c in page.locator("#coach").all_inner_texts() if "90%" in c]


def test_where_nothing_was_said_the_page_says_what_is_missing(open_page: Open) -> None:
    page = open_page("opp-odd", locale="zh-CN")
    expect(page.locator(".abstained")).to_contain_text("证据不足")
    expect(page.locator(".abstained .missing-list li").first).to_have_text("还没有邮件或会议记录。")
    assert cards(page).count() == 0


def test_choosing_another_deal_changes_the_address_and_back_returns(open_page: Open) -> None:
    page = open_page(ENGLISH_DEAL)
    expect(page.locator("#record h1")).to_contain_text("Harbor Lane")
    page.locator(f'.rail a[href="?deal={CHINESE_DEAL}"]').click()
    expect(page.locator("#record h1")).to_contain_text("PACS")
    expect(page).to_have_url(re.compile(CHINESE_DEAL))
    page.go_back()
    expect(page.locator("#record h1")).to_contain_text("Harbor Lane")


def test_the_sidebar_alone_fits_a_frame_and_its_source_covers_it(open_page: Open) -> None:
    page = open_page(ENGLISH_DEAL, path="/sidebar.html", width=380)
    expect(cards(page).first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 380
    chips(page, "email").first.click()
    expect(page.locator("#drawer mark")).to_be_in_viewport()
    assert page.locator("#coach").evaluate("e => e.inert")
    page.locator(".drawer-close").click()
    assert not page.locator("#coach").evaluate("e => e.inert")


def test_a_phone_stacks_the_page_without_scrolling_sideways(open_page: Open) -> None:
    page = open_page(CHINESE_DEAL, width=390, locale="zh-CN")
    expect(cards(page).first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    expect(page.locator(".rail-choice select")).to_be_visible()


def test_an_untidy_record_is_shown_as_far_as_it_goes(open_page: Open) -> None:
    page = open_page("opp-odd")
    expect(page.locator("#record h1")).to_have_text("opp-odd")
    expect(page.locator('#record [data-field="amount"]')).to_contain_text("48万")
    expect(page.locator('#record [data-field="competitors"]')).to_contain_text("Acme, Globex")
    expect(page.locator(".contacts")).to_contain_text("Zoe")
    expect(page.locator(".abstained .missing-list li").first).to_be_visible()


def test_the_api_reference_lists_every_operation_without_another_host(
    open_page: Open, server: Any
) -> None:
    page = open_page("", path="/docs/")
    expect(page.locator(".operation").first).to_be_visible()
    paths = httpx.get(f"{server.address}/openapi.json").json()["paths"]
    assert page.locator(".operation").count() == sum(len(methods) for methods in paths.values())


def test_outside_the_demo_the_page_asks_for_a_key(open_page: Open, server: Any) -> None:
    page = open_page(ENGLISH_DEAL, signed_in=False)
    page.locator("#key").fill("jsk_wrong")
    page.get_by_role("button", name="Open").click()
    expect(page.locator(".fault")).to_have_text("This key is not accepted.")
    page.locator("#key").fill((server.home / "key").read_text(encoding="ascii"))
    page.get_by_role("button", name="Open").click()
    expect(cards(page).first).to_be_visible()


def test_a_server_that_is_gone_is_said_plainly(open_page: Open, server: Any) -> None:
    page = open_page(ENGLISH_DEAL)
    expect(cards(page).first).to_be_visible()
    server.stop()
    try:
        page.locator(f'.rail a[href="?deal={CHINESE_DEAL}"]').click()
        expect(page.locator("#record [role=alert]")).to_contain_text("does not answer")
    finally:
        server.start()
