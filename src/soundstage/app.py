"""Composition root: the only place that builds parts. Importing it builds nothing and loads no part.

Each function imports what it builds, so that `soundstage --help`, the API and a film each pay for
their own parts only.
"""

from __future__ import annotations

import os
import random
import shutil
import sys
import time
import uuid
from contextlib import ExitStack, asynccontextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable
    from pathlib import Path

    from soundstage.api.auth import Gate
    from soundstage.api.parts import ApiParts
    from soundstage.api.urls import UrlRule
    from soundstage.config import Settings
    from soundstage.film import Film, Order, Screenplay, Shot, Tell
    from soundstage.jobs.book import OrderBook
    from soundstage.pipeline import Studio
    from soundstage.render.catalog import Catalog
    from soundstage.render.engine import Brief
    from soundstage.storage import LocalStore


OWN_ENGINE = "previz"  #: the one whose kernels are compiled here
#: clips, film and its copies beside: previz at 1080p writes some 1 MB a second, a minute at 4K 400 MB
ROOM_BYTES = 200_000_000
#: a bench untouched for so long belongs to an order that nobody will take up again
STALE_BENCH_S = 24 * 3600.0


def load_settings(**flags: Any) -> Settings:
    """Read settings from the environment and flags, and point the kernel cache into the data folder."""
    from soundstage.config import Settings
    from soundstage.warmth import name_cache

    settings = Settings.load(os.environ, **flags)
    # numba reads this once, at its import; site-packages may be read-only, the data folder is ours.
    os.environ.setdefault("NUMBA_CACHE_DIR", str(name_cache(settings.kernel_cache)))
    return settings


def build_catalog(settings: Settings) -> Catalog:
    """Find the engines."""
    from soundstage.render.catalog import Catalog
    from soundstage.render.engine import Workplace

    return Catalog(Workplace(cache_dir=settings.cache, workers=settings.threads))


def read_request(body: dict[str, Any] | bytes, *, endpoint: str, settings: Settings) -> Order:
    """Turn a request body of the terminal into an order.

    Raises:
        OrderRefused: it breaks the contract; every problem is named.
        EndpointUnknown: no such endpoint.
    """
    from soundstage.api.contract import TERMINAL_LIMITS, read_order

    return read_order(
        endpoint,
        body,
        order_id=str(uuid.uuid4()),
        pick_seed=pick_seed,
        engines=build_catalog(settings).names(),
        limits=TERMINAL_LIMITS,
    )


def pick_seed() -> int:
    """Choose a seed for an order that brought none; it is told to the caller, so nobody needs to guess it."""
    return random.getrandbits(32)


def write_screenplay(order: Order, settings: Settings | None = None) -> Screenplay:
    """Write the screenplay of an order; with settings, by the models that they name, too."""
    from soundstage.planning import build_writer

    return build_writer(settings)(order)


def write_brief(screenplay: Screenplay, shot: Shot) -> Brief:
    """Tell an engine what it must know beside the shot."""
    from soundstage.render.engine import JOINED, Brief

    first = round(shot.start * screenplay.fps)
    end = round((shot.start + shot.seconds) * screenplay.fps)
    return Brief(
        size=screenplay.size,
        fps=screenplay.fps,
        frame_count=end - first,
        seed=screenplay.seed,
        style=screenplay.style,
        palette=screenplay.palette,
        cast=screenplay.cast,
        excluded=screenplay.excluded,
        adherence=screenplay.adherence,
        before=screenplay.shots[shot.index - 1] if shot.index and shot.entrance in JOINED else None,
    )


def build_studio(
    settings: Settings, catalog: Catalog, *, bench: Path, publish: Callable[[Film], Film]
) -> Studio:
    """Build the parts that one order goes through; its clips are kept in the folder `bench`."""
    from soundstage.pipeline import Studio
    from soundstage.planning import build_writer
    from soundstage.sound import compose, speak
    from soundstage.stitch import Bench, ClipKey

    return Studio(
        write=build_writer(settings),
        engines=catalog,
        brief=write_brief,
        speak=lambda screenplay: speak(screenplay, cache_dir=settings.cache, voices_dir=settings.voices_dir),
        compose=lambda screenplay, seen: compose(
            screenplay, cache_dir=settings.cache, seen=seen, voices_dir=settings.voices_dir
        ),
        bench=lambda _: Bench(bench),
        clip_key=lambda shot, brief, fingerprint: ClipKey(
            index=shot.index,
            fingerprint=fingerprint,
            size=brief.size,
            fps=brief.fps,
            frame_count=brief.frame_count,
        ),
        publish=publish,
    )


def make_film_here(
    order: Order, settings: Settings, output: Path, *, tell: Tell, say: Callable[[str], object]
) -> Film:
    """Make a film in this process and put it, with its screenplay, poster and captions, at `output`."""
    from soundstage.pipeline import make_film
    from soundstage.storage.beside import check_place, publish_beside
    from soundstage.storage.room import check_room
    from soundstage.warmth import warm_for

    check_place(output)
    check_room(output, ROOM_BYTES)
    check_room(settings.workspaces, ROOM_BYTES)
    sweep_benches(settings, now=time.time())
    bench = settings.workspaces / order.order_id
    catalog = build_catalog(settings)
    try:
        studio = build_studio(
            settings, catalog, bench=bench, publish=lambda draft: publish_beside(draft, output)
        )
        if order.engine == OWN_ENGINE:
            screenplay = studio.write(order)
            briefs = [studio.brief(screenplay, shot) for shot in screenplay.shots]
            with catalog.opened(OWN_ENGINE) as engine:
                warm_for(screenplay, settings, engine, briefs, say=say)
        return make_film(order, studio, tell)
    finally:
        catalog.close()
        shutil.rmtree(bench, ignore_errors=True)


def sweep_benches(settings: Settings, *, now: float) -> None:
    """Remove the clips that killed or failed films left behind."""
    if not settings.workspaces.is_dir():
        return
    for bench in settings.workspaces.iterdir():
        with suppress(OSError):  # another process swept it, or still writes: both are fine
            if now - bench.stat().st_mtime > STALE_BENCH_S:
                shutil.rmtree(bench)


def serve_stage(settings: Settings) -> None:
    """Be the warm process that makes films for a worker, until the worker goes away."""
    from soundstage.errors import EngineError, SoundstageError
    from soundstage.film import Order
    from soundstage.jobs.stage_door import serve_stage
    from soundstage.pipeline import make_film
    from soundstage.plain import from_json, to_json
    from soundstage.storage import check_room, publish
    from soundstage.warmth import warm_kernels

    catalog, store = build_catalog(settings), build_store(settings)

    def prepare() -> None:
        sweep_benches(settings, now=time.time())
        for name in settings.warm_engines:
            try:
                if name == OWN_ENGINE:
                    warm_kernels(settings, say=lambda sentence: sys.stderr.write(f"{sentence}\n"))
                with catalog.opened(name):
                    pass  # opened now, so that the first order starts at once
            except EngineError as exc:
                # Other engines can still serve; an order for this one will fail with the same reason.
                sys.stderr.write(f"{exc}\n")

    def make(payload: dict[str, Any], tell: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
        order = from_json(Order, payload)
        check_room(settings.home, ROOM_BYTES)
        bench = settings.workspaces / order.order_id
        to_store = partial(publish, store=store, lifecycle=order.lifecycle)
        studio = build_studio(settings, catalog, bench=bench, publish=to_store)
        try:
            film = make_film(order, studio, lambda report: tell(to_json(report)))
        except SoundstageError as exc:
            if not exc.retryable:
                shutil.rmtree(bench, ignore_errors=True)
            raise
        shutil.rmtree(bench, ignore_errors=True)
        return to_json(film)

    try:
        serve_stage(make, prepare)
    finally:
        catalog.close()


def build_store(settings: Settings) -> LocalStore:
    """Open the store of finished films."""
    from soundstage.storage import LocalStore

    return LocalStore(settings.files, abandoned_after_s=settings.upload_abandoned_s)


async def build_api_parts(settings: Settings, book: OrderBook, urls: UrlRule, gate: Gate) -> ApiParts:
    """Gather what the HTTP door needs; the book must be open."""
    from soundstage import delivering
    from soundstage.api.parts import ApiParts
    from soundstage.api.rates import RateLimit
    from soundstage.planning import Planner

    return ApiParts(
        book=book,
        store=build_store(settings),
        engines=build_catalog(settings).names(),
        urls=urls,
        gate=gate,
        planner=Planner(settings),
        plan_rate=RateLimit(settings.plan_per_minute),
        pick_seed=pick_seed,
        new_id=lambda: str(uuid.uuid4()),
        secret=await book.secret("api"),
        webhook_private=delivering.may_call_private(settings),
        key_set=delivering.build_key_set(book.database),
        heartbeat_s=settings.heartbeat_s,
        enqueue_invalid=settings.enqueue_invalid,
        upload_max_bytes=settings.upload_max_bytes,
    )


@asynccontextmanager
async def open_database(settings: Settings) -> AsyncGenerator[str]:
    """Give the address of this installation's database, up and with our tables, for a command of a moment.

    The database that is named, else the running server's, else the embedded one, started for the block.

    Raises:
        DatabaseUnavailable, DatabaseUnfit: it does not answer, or cannot run here.
    """
    from soundstage.jobs.migrate import migrate
    from soundstage.jobs.visit import visited

    with ExitStack() as visit:
        dsn = settings.database or visit.enter_context(visited(settings.home, environ=os.environ))
        await migrate(dsn)
        yield dsn


def child_command(name: str) -> tuple[str, ...]:
    """Return how to start one of our own processes: `work` or `stage`."""
    return (sys.executable, "-m", "soundstage", name)


def child_environ(settings: Settings, dsn: str | None = None) -> dict[str, str]:
    """Return the environment of our own processes; the database's password travels here, never in argv."""
    from soundstage import delivering

    told = {
        "SOUNDSTAGE_HOME": str(settings.home),
        "SOUNDSTAGE_THREADS": str(settings.threads),
        "SOUNDSTAGE_CALLER_LIMIT": str(settings.caller_limit),
        "SOUNDSTAGE_IDLE_STAGE_S": str(settings.idle_stage_s),
        "SOUNDSTAGE_PAYLOAD_KEPT_S": str(settings.payload_kept_s),
        "SOUNDSTAGE_UNSTORED_RESULT_S": str(settings.unstored_result_s),
        "SOUNDSTAGE_WARM_ENGINES": ",".join(settings.warm_engines),
    }
    told |= delivering.worker_environ(settings)
    if settings.voices_dir is not None:
        told["SOUNDSTAGE_VOICES_DIR"] = str(settings.voices_dir)
    if dsn is not None:
        told["SOUNDSTAGE_DATABASE"] = dsn
    return {**os.environ, **told}
