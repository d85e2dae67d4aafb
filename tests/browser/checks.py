"""What the browser tests assert of any page."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, Request


def watch(page: Page, site: str, faults: list[str]) -> None:
    """Note script errors, policy violations and requests to other machines."""

    def on_request(request: Request) -> None:
        if not request.url.startswith((f"{site}/", "data:", "blob:")):
            faults.append(f"A request went elsewhere: {request.url}")

    def on_console(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            faults.append(f"{page.url}: {message.text}")

    page.on("request", on_request)
    page.on("console", on_console)
    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))


def stop_timers(page: Page) -> None:
    """Let what a page shows for seconds stay: a busy machine may look at it late."""
    page.evaluate("window.setTimeout = () => 0")


def assert_accessible(page: Page) -> None:
    """Assert that axe-core finds no violation on the page, in light and in dark."""
    page.wait_for_load_state()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        violations = Axe().run(page).response["violations"]
        assert not violations, f"{page.url} in {scheme}:\n" + "\n".join(map(_told, violations))
    page.emulate_media(color_scheme="light")


def assert_fits(page: Page) -> None:
    """Assert that the page needs no sideways scrolling."""
    page.wait_for_load_state()
    width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert width <= 0, f"{page.url} is {width} px wider than the window."


def _told(violation: dict[str, Any]) -> str:
    places = "\n".join(
        f"  {node['html'][:200]} {node.get('failureSummary', '')}" for node in violation["nodes"]
    )
    return f"{violation['id']}: {violation['help']}\n{places}"
