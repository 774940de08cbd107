"""Redraws docs/images from a demo server over the sample deals, in both languages.

The server is a process of its own over a scratch state folder, so that nothing of a developer's
own deals can end up in a picture. Run it with `make screenshots`.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import httpx
from playwright.sync_api import Browser, Page, sync_playwright

from api.commands.loopback import free_port
from core.settings import Settings, child_environment

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
).split()
WIDTH, HEIGHT = 1440, 900
# More device pixels than CSS pixels: text stays sharp where a page scales the picture.
SCALE = 1.5
START_TIMEOUT_S = 120.0


@dataclass(frozen=True)
class Picture:
    """`chip`: the channel whose first source chip is opened; empty: none."""

    name: str
    deal: str
    locale: str
    chip: str = ""


PICTURES = (
    Picture("sidebar-en", "opp-hlm-1", "en-GB"),
    Picture("sidebar-zh", "opp-renhe-pacs", "zh-CN"),
    Picture("source-en", "opp-hlm-1", "en-GB", chip="meeting"),
    Picture("source-zh", "opp-renhe-pacs", "zh-CN", chip="meeting"),
)


def main() -> None:
    executable = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if executable is None:
        sys.exit("screenshots: there is no Chromium here; scripts/browser.sh installs it.")
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="junshi-pictures-") as folder:
        address, server = start(Path(folder) / "home")
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
                for picture in PICTURES:
                    draw(browser, address, picture)
                browser.close()
        finally:
            server.terminate()
            server.wait()


def start(home: Path) -> tuple[str, subprocess.Popen[bytes]]:
    """The address of a demo that is ready, and its process."""
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "api.cli", "demo", "--port", str(port), "--json"],
        cwd=ROOT,
        env=child_environment(Settings(home=home, database_url="")),
        stdout=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and server.poll() is None:
        try:
            if httpx.get(f"{address}/readyz").status_code == httpx.codes.OK:
                return address, server
        except httpx.TransportError:
            time.sleep(0.2)
    server.kill()
    sys.exit("screenshots: the demo did not start; run `junshi demo` to see why.")


def draw(browser: Browser, address: str, picture: Picture) -> None:
    context = browser.new_context(
        viewport={"width": WIDTH, "height": HEIGHT},
        device_scale_factor=SCALE,
        locale=picture.locale,
        timezone_id="Asia/Shanghai" if picture.locale == "zh-CN" else "Europe/London",
        color_scheme="light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(f"{address}/?deal={picture.deal}")
    page.wait_for_selector("#coach .intents .intent")
    if picture.chip:
        open_source(page, picture.chip)
    file = IMAGES / f"{picture.name}.png"
    page.screenshot(path=file)
    context.close()
    print(f"{file.relative_to(ROOT)}  {file.stat().st_size // 1024} KiB")


def open_source(page: Page, channel: str) -> None:
    chip = page.locator(f'#coach .chip[data-channel="{channel}"]').first
    chip.scroll_into_view_if_needed()
    chip.click()
    page.wait_for_selector("#drawer mark")
    page.mouse.move(0, 0)


if __name__ == "__main__":
    main()
