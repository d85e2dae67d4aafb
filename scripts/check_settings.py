"""The site's settings for tools that only read them: mypy's plugin and the migration check."""

import os

os.environ.setdefault("SECRET_KEY", "only-for-checks-" * 4)
os.environ.setdefault("SITE_URL", "http://127.0.0.1:8000")
os.environ.setdefault("EMAIL_URL", "smtp://127.0.0.1:2525")
os.environ.setdefault("DATABASE_URL", "postgresql:///none")

from casepilot_site.settings import *  # noqa: F403 - the environment comes first
