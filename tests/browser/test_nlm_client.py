"""NLM’s own autocompleter, unchanged, on a page of a clinic.

The package ``autocomplete-lhc`` and a bundler come from the npm registry; without npm or the
registry the test is skipped, and says so.
"""

import shutil
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from tests import factories

PACKAGES = ["autocomplete-lhc@20.1.2", "esbuild@0.28.2"]
ENTRY = "import Def from 'autocomplete-lhc'; window.Def = Def;"
PAGE = """<!doctype html><html lang="en"><title>A clinic</title>
<label for="icd">Diagnosis</label> <input id="icd">
<script src="/clinic/bundle.js"></script>
<script>new Def.Autocompleter.Search("icd", "{search}?system=icd-10-cm&df=code,name",
{{tableFormat: true, valueCols: [1], colHeaders: ["Code", "Name"]}});</script></html>"""


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the autocompleter as one script."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed, so NLM’s autocompleter cannot be fetched.")
    folder: Path = tmp_path_factory.mktemp("autocompleter")
    (folder / "package.json").write_text("{}")
    # One try of a minute: a network that answers nothing is no network.
    limits = ["--fetch-retries=0", "--fetch-timeout=60000"]
    fetched = subprocess.run(
        [npm, "install", "--no-audit", "--no-fund", *limits, *PACKAGES],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    if fetched.returncode != 0:
        pytest.skip(f"NLM’s autocompleter cannot be fetched: {fetched.stderr.strip()[-200:]}")
    (folder / "entry.js").write_text(ENTRY)
    made = [
        str(folder / "node_modules/.bin/esbuild"),
        "entry.js",
        "--bundle",
        "--outfile=bundle.js",
    ]
    subprocess.run([*made, "--loader:.png=dataurl"], cwd=folder, check=True, capture_output=True)
    return (folder / "bundle.js").read_text()


@pytest.mark.django_db(transaction=True)
def test_it_completes_from_here(page: Page, live_server: LiveServer, bundle: str) -> None:
    icd = factories.system("icd-10-cm")
    for display, words in (("J45.909", "Unspecified asthma"), ("I50.9", "Heart failure")):
        factories.code(display, of=icd, short_descriptor=words, long_descriptor=words)
    factories.search_index()
    html = PAGE.format(search=f"{live_server.url}/api/v1/search")

    def serve(route: Route) -> None:
        is_script = route.request.url.endswith("/bundle.js")
        kind = "text/javascript" if is_script else "text/html"
        route.fulfill(body=bundle if is_script else html, content_type=f"{kind}; charset=utf-8")

    page.route("**/clinic/**", serve)
    page.goto(f"{live_server.url}/clinic/")
    page.get_by_label("Diagnosis").press_sequentially("asthm")
    row = page.get_by_role("row", name="J45.909")
    expect(row).to_contain_text("Unspecified asthma")
    row.click()
    expect(page.get_by_label("Diagnosis")).to_have_value("Unspecified asthma")
