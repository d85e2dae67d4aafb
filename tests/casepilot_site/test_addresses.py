"""Whose address a request carries: proxies, forgeries, IPv6."""

from ipaddress import ip_network

import pytest
from django.http import HttpRequest, HttpResponse
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from casepilot_site.addresses import client_address, network_of, parse
from casepilot_site.middleware import ClientAddressMiddleware

TRUSTED = [ip_network("10.0.0.0/8"), ip_network("fd00::/8")]


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("192.0.2.1", "", "192.0.2.1"),
        ("10.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "198.51.100.7, 10.0.0.2", "198.51.100.7"),
        # The client wrote the first entry itself: only what our proxies saw counts.
        ("10.0.0.1", "1.2.3.4, 198.51.100.7", "198.51.100.7"),
        # A direct hit cannot choose its address.
        ("192.0.2.1", "198.51.100.7", "192.0.2.1"),
        # A malformed entry ends the walk at the last hop that was understood.
        ("10.0.0.1", "198.51.100.7, nonsense, 10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", "nonsense", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.7:1234", "10.0.0.1"),
        ("10.0.0.1", ", ,", "10.0.0.1"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("::ffff:10.0.0.1", "::ffff:198.51.100.7", "198.51.100.7"),
        ("fd00::1", "2001:db8::7", "2001:db8::7"),
        ("", "198.51.100.7", ""),
    ],
)
def test_client_address(peer: str, forwarded: str, expected: str) -> None:
    assert client_address(peer, forwarded, TRUSTED) == expected


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8:0:1:ffff::1", "2001:db8:0:1::/64"),
        ("", ""),
        ("/run/socket", "/run/socket"),
    ],
)
def test_network_of(address: str, network: str) -> None:
    assert network_of(address) == network


@given(st.ip_addresses(v=4).map(str))
def test_mapped_addresses_are_those_of_ipv4(address: str) -> None:
    assert str(parse(f"::ffff:{address}")) == address
    assert network_of(f"::ffff:{address}") == address


@given(st.ip_addresses(v=6).map(str), st.integers(0, 2**64 - 1))
def test_one_household_of_ipv6_is_one_network(address: str, host: int) -> None:
    parsed = parse(address)
    if parsed is None or parsed.version == 4:
        return  # an IPv4-mapped address
    neighbour = type(parsed)(int(parsed) >> 64 << 64 | host)
    if parse(str(neighbour)) == neighbour:
        assert network_of(str(neighbour)) == network_of(address)


@given(st.text(), st.text())
def test_no_header_breaks_it_or_helps_a_stranger(peer: str, forwarded: str) -> None:
    client_address(peer, forwarded, TRUSTED)
    assert client_address("192.0.2.1", forwarded, TRUSTED) == "192.0.2.1"


@pytest.mark.parametrize(
    ("proxies", "expected"),
    [(["10.0.0.0/8"], "198.51.100.7"), ([], "10.0.0.1")],
)
def test_the_middleware_rewrites_the_address_once(
    settings: Settings, proxies: list[str], expected: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = HttpRequest()
    request.META = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "198.51.100.7"}

    ClientAddressMiddleware(lambda request: HttpResponse())(request)

    assert request.META["REMOTE_ADDR"] == expected


@pytest.mark.parametrize(
    ("proxies", "peer", "is_believed"),
    [
        (["10.0.0.0/8"], "10.0.0.1", True),
        (["10.0.0.0/8"], "::ffff:10.0.0.1", True),
        (["10.0.0.0/8"], "192.0.2.1", False),
        (["10.0.0.0/8"], "", False),
        ([], "10.0.0.1", False),
    ],
)
def test_only_a_proxy_may_say_that_a_connection_is_encrypted(
    settings: Settings, proxies: list[str], peer: str, is_believed: bool
) -> None:
    settings.TRUSTED_PROXIES = proxies
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    request = HttpRequest()
    request.META = {"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_PROTO": "https"}

    ClientAddressMiddleware(lambda request: HttpResponse())(request)

    assert request.is_secure() is is_believed
