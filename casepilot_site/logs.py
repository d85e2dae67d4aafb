"""What a log says of a request: its method and the name of its page, never the address.

Addresses hold what people search for, and links of mails hold keys to their accounts.
"""

import logging

from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware

UNKNOWN_PAGE = "unknown page"


def page_of(request: HttpRequest) -> str:
    """Return the name of the page, such as ``codes:search``; it is known once it was looked up."""
    match = getattr(request, "resolver_match", None)
    return str(match.view_name) if match else UNKNOWN_PAGE


class RequestLogMiddleware(RequestMiddleware):
    """Log each request and each failure with a request id, and without the address."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """Return the method and the page; at the start of a request the page is not yet known."""
        return f"{request.method} {page_of(request)}"


class WithoutAddress(logging.Filter):
    """Name the page where Django's own messages, such as ``Not Found: /path``, have a path."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Change the arguments of a message about a request; let every message pass."""
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest):
            _replace_paths(record, page_of(request))
        return True


class WithoutTarget(logging.Filter):
    """Take the address out of gunicorn's message about an answer that broke while it was sent."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Change the arguments of that message; let every message pass."""
        if str(record.msg).startswith("Error handling request"):
            _replace_paths(record, UNKNOWN_PAGE)
        return True


def _replace_paths(record: logging.LogRecord, page: str) -> None:
    if isinstance(record.args, tuple):
        record.args = tuple(
            page if isinstance(arg, str) and "/" in arg else arg for arg in record.args
        )
