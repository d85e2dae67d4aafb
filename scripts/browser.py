"""Where this machine has a Chromium, for the browser tests and the screenshots."""

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
MISSING = "no Chromium on this machine; on Debian: apt-get install chromium (or set CHROMIUM)"


def chromium() -> Path | None:
    """Return the program named by ``CHROMIUM``, else the first known one on the path."""
    named = os.environ.get("CHROMIUM")
    for name in (named,) if named else NAMES:
        if found := shutil.which(name):
            return Path(found)
    return None
