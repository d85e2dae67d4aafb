"""The WSGI entry point that gunicorn serves."""

import logging
import os

from django.core.wsgi import get_wsgi_application

from casepilot_site.logs import WithoutTarget

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casepilot_site.settings")
application = get_wsgi_application()
# gunicorn sets up its log by itself, before it loads the site.
logging.getLogger("gunicorn.error").addFilter(WithoutTarget())
