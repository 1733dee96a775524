"""Which network addresses belong to this machine or to a private network. Knows no HTTP and asks no one.

A webhook is a request that a stranger has us send: without this, the stranger could reach through us what
only we can reach.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import TypeAlias

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

#: RFC 6052: an IPv6 address whose last four bytes are an IPv4 address that a gateway puts it through to
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def is_public(address: Address) -> bool:
    """Tell whether an address is of the open internet.

    Not so: loopback, private, link-local (cloud metadata), shared (100.64/10), multicast, reserved and
    unspecified ones, and IPv6 addresses that carry such an IPv4 address.
    """
    carried = _carried(address)
    if carried is not None:
        return is_public(carried)
    if isinstance(address, ipaddress.IPv6Address) and address.is_site_local:
        return False  # given up in 2004, and still somebody's own network
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def read_address(host: str) -> Address | None:
    """Return the address that a host name spells, as any C library reads it; None for a name.

    `127.1`, `2130706433` and `0x7f000001` are 127.0.0.1 to whoever connects.
    """
    try:
        return ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except (OSError, UnicodeError):
        return None


def _carried(address: Address) -> ipaddress.IPv4Address | None:
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in NAT64:
        return ipaddress.IPv4Address(address.packed[-4:])
    return address.sixtofour
