"""Takes the screenshots of the README from a site that runs: ``python -m scripts.screenshots``.

Each picture is taken by a new guest, so that the page has a view to show.
"""

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from playwright.sync_api import Browser, sync_playwright

from scripts.browser import ARGUMENTS, MISSING, chromium
from scripts.problem import Problem, exit_code

FOLDER: Final = Path(__file__).resolve().parent.parent / "docs" / "screenshots"


@dataclass(frozen=True, slots=True)
class Picture:
    """One screenshot: file name, page, window in CSS pixels, colours."""

    name: str
    path: str
    width: int
    height: int
    colours: Literal["light", "dark"] = "light"
    press: str = ""
    """The name of a button to press first; the picture waits for an article."""


PICTURES: Final = (
    Picture("code-light", "/codes/cpt/33948/", 1280, 960),
    Picture("code-dark", "/codes/cpt/33948/", 1280, 960, "dark"),
    Picture("code-phone", "/codes/cpt/33948/", 390, 844),
    Picture(
        "casepilot-light",
        "/casepilot/?q=What+is+CPT+code+99213%3F",
        1280,
        960,
        press="Ask",
    ),
    Picture("search-light", "/search/?q=acute+respiratory+failure", 1280, 960),
)


def main() -> int:
    """Write every picture into docs/screenshots."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="where the site runs")
    url = parser.parse_args().url
    FOLDER.mkdir(parents=True, exist_ok=True)
    if (program := chromium()) is None:
        raise Problem(f"There is {MISSING}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        for picture in PICTURES:
            _take(browser, url, picture)
        browser.close()
    return 0


def _take(browser: Browser, url: str, picture: Picture) -> None:
    context = browser.new_context(
        viewport={"width": picture.width, "height": picture.height},
        color_scheme=picture.colours,
    )
    page = context.new_page()
    page.goto(url + picture.path)
    if picture.press:
        page.get_by_role("button", name=picture.press, exact=True).click()
        page.get_by_role("article").wait_for()
    page.screenshot(path=FOLDER / f"{picture.name}.png")
    context.close()
    print(f"docs/screenshots/{picture.name}.png")


if __name__ == "__main__":
    sys.exit(exit_code(main))
