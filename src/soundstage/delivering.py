"""Webhooks put together: what a worker delivers with, what the door publishes, what an operator does by hand.

Belongs to the composition root. The HTTP client is loaded with the first webhook, not before.
"""

from __future__ import annotations

import asyncio
import time
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from soundstage import webhooks
from soundstage.api.hosts import is_loopback, read_name
from soundstage.entrance import is_reachable
from soundstage.errands import run_errand
from soundstage.jobs.courier import Calls
from soundstage.jobs.deliveries import Deliveries, Delivery
from soundstage.jobs.signing_keys import LEAD_S, SigningKeys

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from soundstage.config import Settings
    from soundstage.jobs.courier import Answer
    from soundstage.jobs.database import Database
    from soundstage.jobs.deliveries import DeliveryStatus
    from soundstage.jobs.orders import OrderState
    from soundstage.jobs.signing_keys import SigningKey


def may_call_private(settings: Settings) -> bool:
    """Tell whether webhooks may go to this machine and to private networks.

    Without the setting they may when only this machine can submit: a stranger would reach through us what
    only we can reach. A server that stands behind a proxy or under a public name is for strangers too.
    """
    if settings.webhook_private is not None:
        return settings.webhook_private
    public = urlsplit(settings.public_url).netloc if settings.public_url else "localhost"
    names = [read_name(host) for host in (public, *settings.allowed_hosts)]
    return not is_reachable(settings) and not settings.trusted_proxies and all(map(is_loopback, names))


def build_calls(settings: Settings) -> Calls:
    """Gather what a courier needs.

    Private receivers are called only when the setting says so: a worker does not know who can submit.
    """
    schedule = webhooks.Schedule.load(
        gaps_s=settings.webhook_gaps_s,
        first_timeout_s=settings.webhook_timeout_s,
        retry_timeout_s=settings.webhook_retry_timeout_s,
    )

    @cache
    def sender() -> webhooks.Sender:
        return webhooks.Sender(schedule=schedule, private=settings.webhook_private is True, clock=time.time)

    async def send(**attempt: Any) -> Answer:
        # The first one loads the client and the roots: half a second in which cancels must still be heard.
        return await (await asyncio.to_thread(sender)).send(**attempt)

    def make_body(state: OrderState) -> bytes:
        # Loads the door's answers, which a worker without webhooks never needs.
        from soundstage.api.webhook_body import webhook_body  # noqa: PLC0415 - see above

        return webhook_body(state)

    return Calls(send=send, make_body=make_body, gaps_s=schedule.gaps_s)


def worker_environ(settings: Settings) -> dict[str, str]:
    """Return the variables by which `serve` tells its worker how webhooks go."""
    told = {
        "SOUNDSTAGE_WEBHOOK_PRIVATE": str(may_call_private(settings)).lower(),
        "SOUNDSTAGE_WEBHOOK_GAPS_S": ",".join(map(str, settings.webhook_gaps_s)),
    }
    for name in ("webhook_timeout_s", "webhook_retry_timeout_s"):
        value = getattr(settings, name)
        told[f"SOUNDSTAGE_{name.upper()}"] = "" if value is None else str(value)
    return told


def build_key_set(database: Database) -> Callable[[], Awaitable[dict[str, Any]]]:
    """Return what gives the published keys as a JWKS; makes the first key."""
    keys = SigningKeys(database)

    async def read() -> dict[str, Any]:
        return webhooks.key_set((key.key_id, key.private_key) for key in await keys.published())

    return read


def list_deliveries(settings: Settings, *, limit: int, status: DeliveryStatus | None) -> list[Delivery]:
    """Return the newest webhooks, newest first."""
    return run_errand(settings, lambda database: Deliveries(database).recent(limit, status=status))


def redeliver(settings: Settings, delivery_id: str) -> None:
    """Have a webhook sent again now, by its id or its request's.

    Raises:
        DeliveryUnknown, DeliveryUnderWay: there is none, or it is being sent at this moment.
    """
    run_errand(settings, lambda database: Deliveries(database).redeliver(delivery_id))


def list_signing_keys(settings: Settings) -> list[SigningKey]:
    """Return the published keys, newest first."""
    return run_errand(settings, lambda database: SigningKeys(database).published())


def rotate_signing_key(settings: Settings, *, at_once: bool) -> SigningKey:
    """Publish a new key, which signs from tomorrow on, or at once."""
    return run_errand(
        settings, lambda database: SigningKeys(database).rotate(after_s=0.0 if at_once else LEAD_S)
    )


def withdraw_signing_key(settings: Settings, key_id: str) -> None:
    """Publish a key no more.

    Raises:
        SigningKeyUnknown, SigningKeyInUse: it is not published, or it signs now.
    """
    run_errand(settings, lambda database: SigningKeys(database).withdraw(key_id))
