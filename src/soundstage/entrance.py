"""Who may come in, decided once from the settings and the keys there are. Belongs to the composition root."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from soundstage.api.auth import Gate
from soundstage.api.hosts import is_loopback
from soundstage.api.visitors import VisitorRule
from soundstage.errors import SettingsInvalid
from soundstage.jobs.keys import KeyTable

if TYPE_CHECKING:
    from soundstage.api.urls import UrlRule
    from soundstage.config import Settings
    from soundstage.jobs.database import Database

log = logging.getLogger(__name__)

WAYS_OUT = (
    "make a key with `soundstage keys add` and start again, or give --open-to-all: then everybody who reaches"
    " the port can use this machine, read every order and empty the queue"
)


def asks_for_keys(settings: Settings) -> bool:
    """Tell whether callers need a key.

    Raises:
        SettingsInvalid: the settings contradict each other, or open the machine to all without saying so.
    """
    reachable = is_reachable(settings)
    if settings.open_to_all and settings.require_keys:
        raise SettingsInvalid("--open-to-all and --require-keys contradict each other: give one of them")
    if reachable and settings.require_keys is False and not settings.open_to_all:
        raise SettingsInvalid(
            f"--host {settings.host} opens the API to others, and --no-require-keys asks for nothing:"
            f" {WAYS_OUT}"
        )
    if settings.require_keys is not None:
        return settings.require_keys
    return reachable and not settings.open_to_all


def is_reachable(settings: Settings) -> bool:
    """Tell whether others than this machine can reach the port."""
    return not is_loopback(settings.host.lower())


async def build_gate(settings: Settings, urls: UrlRule, database: Database) -> tuple[Gate, KeyTable | None]:
    """Return the gate, and the keys behind it, to be kept true with `keep`; None where no key is asked for.

    Raises:
        SettingsInvalid: others can reach the server, and there is neither a key nor the word to let all in.
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    if not asks_for_keys(settings):
        visitors = None
        if not settings.open_to_all:
            visitors = VisitorRule(urls=urls, allowed_origins=settings.allowed_origins)
        return Gate(visitors=visitors), None
    table = KeyTable(database)
    await table.read()
    if not len(table):
        if is_reachable(settings):
            raise SettingsInvalid(
                f"--host {settings.host} opens the API to others, and there are no keys: {WAYS_OUT}"
            )
        log.warning("callers are asked for a key, and there is none: `soundstage keys add` makes one")
    return Gate(keys=table), table
