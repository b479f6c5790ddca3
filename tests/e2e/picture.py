"""The picture of the README, taken of a running site: ``python -m tests.e2e.picture [address]``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

TARGET = Path(__file__).resolve().parents[2] / "docs" / "images" / "home.png"


def take(address: str) -> None:
    """Write the French home page of ``address`` as a person first sees it."""
    TARGET.parent.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page(viewport={"width": 1280, "height": 1000}, locale="fr-CA")
        page.goto(f"{address}/fr/")
        page.locator(".map-live .pin").first.wait_for()
        page.screenshot(path=TARGET)
        browser.close()


if __name__ == "__main__":
    take(sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8000")
