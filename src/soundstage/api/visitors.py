"""Who may call a server that asks for no key: programs on this machine, and pages that came from it.

A stranger's web page, open in a browser here, can send requests to localhost: its Origin header tells. And
it can let its own name resolve to 127.0.0.1 (DNS rebinding): then the Host header tells.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from soundstage.api.hosts import FAL_HOSTS, read_name
from soundstage.caller_errors import CallerForeign

if TYPE_CHECKING:
    from soundstage.api.urls import UrlRule

ANY_ORIGIN = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitorRule:
    """Refuses what a stranger's page sent."""

    urls: UrlRule  #: knows the hosts that are ours
    allowed_origins: tuple[str, ...] = ()  #: "https://app.example.org"; "*" is every page
    #: hosts that were fine; attackers cannot fill it, for theirs are not
    _known: set[str] = field(default_factory=set, init=False, repr=False)

    def check(self, host: str | None, origin: str | None, *, bound: str | None) -> None:
        """Return if the caller is at home here.

        Args:
            host: the Host header; HTTP/1.0 may lack it.
            origin: the Origin header; only browsers send one.
            bound: the address that the connection came in on.

        Raises:
            CallerForeign: names the setting that would let it in.
        """
        if host is not None and host not in self._known:
            if not self._is_home(host, bound):
                raise CallerForeign(
                    f"this server asks for no key, so it answers to its own names only, not to"
                    f" {host[:200]!r}: add it to --allowed-hosts, or ask for keys (--require-keys)"
                )
            if len(self._known) < 64:  # *.localhost has no end
                self._known.add(host)
        if origin is not None and not self.allows(origin):
            raise CallerForeign(
                f"this server asks for no key, so it answers no web page of {origin[:200]!r}:"
                " add that to --allowed-origins, or ask for keys (--require-keys)"
            )

    def allows(self, origin: str) -> bool:
        """Tell whether pages of this origin may call."""
        if ANY_ORIGIN in self.allowed_origins or origin in self.allowed_origins:
            return True
        scheme, found, host = origin.partition("://")
        return bool(found) and scheme in ("http", "https") and self.urls.may_name(host)

    def _is_home(self, host: str, bound: str | None) -> bool:
        # fal's names: whoever put them here by a tunnel or a hosts file is at home, and no attacker has them.
        name = read_name(host)
        return (
            self.urls.may_name(host) or name in FAL_HOSTS or (bound is not None and name.strip("[]") == bound)
        )
