"""Whose address a request carries, worked out from the peer and the proxies' header. Pure."""

from collections.abc import Sequence
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


def parse(text: str) -> Address | None:
    """Return the address in ``text``, IPv4-mapped ones as IPv4; ``None`` if there is none."""
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped
    return address


def client_address(peer: str, forwarded_for: str, trusted: Sequence[Network]) -> str:
    """Walk ``X-Forwarded-For`` from the right as long as the hop is a trusted proxy.

    The leftmost entry is whatever the client wrote, so it is never simply believed; a malformed
    entry ends the walk at the last hop that was understood.
    """
    current = parse(peer)
    for entry in reversed(forwarded_for.split(",")):
        if current is None or not _in_any(current, trusted):
            break
        hop = parse(entry)
        if hop is None:
            break
        current = hop
    return str(current) if current is not None else peer


def is_trusted(peer: str, trusted: Sequence[Network]) -> bool:
    """Return whether the peer is one of our own proxies; text that is no address never is."""
    address = parse(peer)
    return address is not None and _in_any(address, trusted)


def network_of(address: str) -> str:
    """Return the network that shares an allowance: an IPv4 address, or an IPv6 /64.

    Text that is no address (a Unix socket's peer) stands for itself.
    """
    parsed = parse(address)
    if isinstance(parsed, IPv6Address):
        return str(ip_network((parsed, 64), strict=False))
    return str(parsed) if parsed is not None else address


def _in_any(address: Address, trusted: Sequence[Network]) -> bool:
    return any(address.version == net.version and address in net for net in trusted)
