"""Where this machine has a Chromium, for the browser tests and the screenshots."""

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
# Quiet: a test browser looks nothing up and reports nothing. A container's root has no sandbox.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
MISSING = "no Chromium on this machine; on Debian: apt-get install chromium (or set CHROMIUM)"


def chromium() -> Path | None:
    """Return the program named by ``CHROMIUM``, else the first known one on the path."""
    named = os.environ.get("CHROMIUM")
    for name in (named,) if named else NAMES:
        if found := shutil.which(name):
            return Path(found)
    return None
