"""The WSGI entry point that gunicorn serves."""

import logging
import os
from threading import Thread

from django.core.wsgi import get_wsgi_application

from casepilot_site.logs import WithoutTarget
from codes import identifiers

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casepilot_site.settings")
application = get_wsgi_application()
# gunicorn sets up its log by itself, before it loads the site.
logging.getLogger("gunicorn.error").addFilter(WithoutTarget())
# Finding identifiers loads a library for a second or two; the first question shall not wait for it.
Thread(target=identifiers.mask, args=("warm",), name="warm-up", daemon=True).start()
