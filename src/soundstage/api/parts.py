"""What the composition root hands to the door."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from soundstage.api.auth import Gate
from soundstage.api.rates import RateLimit

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from starlette.requests import Request

    from soundstage.api.ports import FileStore, OrderBook
    from soundstage.api.ports.screenplays import Planner
    from soundstage.api.urls import UrlRule


async def _no_keys() -> Mapping[str, Any]:
    return {"keys": []}


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiParts:
    """The parts behind the routes, and what tests turn faster."""

    book: OrderBook
    store: FileStore
    engines: tuple[str, ...]  #: names of the installed engines
    urls: UrlRule
    pick_seed: Callable[[], int]  #: gives 0..2^32-1
    new_id: Callable[[], str]  #: gives a UUID
    planner: Planner  #: writes screenplays, as the worker does
    secret: bytes = field(repr=False)  #: 32 bytes, the same in every process on one order book
    gate: Gate = field(default_factory=Gate)  #: who may call; this one lets everybody in
    webhook_private: bool = False  #: webhooks may go to this machine and to private networks
    key_set: Callable[[], Awaitable[Mapping[str, Any]]] = field(default=_no_keys)  #: gives the JWKS
    #: asked by `/health/ready` beside the book: name -> a call that raises why it is not fit
    checks: Mapping[str, Callable[[], Awaitable[object]]] = field(default_factory=dict)
    #: set when the server stops: streams and direct runs end by themselves
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    enqueue_invalid: bool = (
        False  #: a bad body is queued and fails, as at fal, instead of being refused at once
    )
    plan_rate: RateLimit = field(default_factory=lambda: RateLimit(600))  #: of `POST /v1/plan`, each caller
    #: plans in the making at once: they share their threads with the files
    plan_slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(4))
    upload_max_bytes: int = 5_000_000_000  #: of a file that a caller brings
    clock: Callable[[], float] = time.time  #: seconds since 1970, for what is signed for a while
    max_body_bytes: int = 1_000_000  #: of a request; the longest legal one is some 30 kB
    heartbeat_s: float = 10.0  #: a comment on a quiet status stream; clients are promised one every 15 s
    reconnect_s: float = 0.5  #: between two looks at a database that is away


def parts_of(request: Request) -> ApiParts:
    """Return the parts of the app that this request came to."""
    return cast("ApiParts", request.scope["parts"])
