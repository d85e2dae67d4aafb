"""Middleware of the whole site: the client's address."""

import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from casepilot_site.addresses import client_address, is_trusted

Handler = Callable[[HttpRequest], HttpResponse]


class ClientAddressMiddleware:
    """Put the client's real address into ``REMOTE_ADDR``, once; everything else reads that.

    ``X-Forwarded-For`` counts only behind ``TRUSTED_PROXIES`` and is read from the right. What
    anybody else says of the connection (``X-Forwarded-Proto``) is taken away.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.trusted = [ipaddress.ip_network(network) for network in settings.TRUSTED_PROXIES]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        peer = request.META.get("REMOTE_ADDR", "")
        if not is_trusted(peer, self.trusted):
            request.META.pop("HTTP_X_FORWARDED_PROTO", None)
        elif forwarded := request.META.get("HTTP_X_FORWARDED_FOR", ""):
            request.META["REMOTE_ADDR"] = client_address(peer, forwarded, self.trusted)
        return self.get_response(request)
