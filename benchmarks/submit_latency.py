"""Claim: a submit takes under 15 ms in the median on an idle server, and its order begins some 10 ms later.

Run: `python benchmarks/submit_latency.py`. Starts an embedded PostgreSQL in a new folder, and for the last
part a real worker whose stage does nothing. Nothing is left behind.
"""

import asyncio
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
import uuid
from pathlib import Path

from soundstage.jobs.book import OrderBook
from soundstage.jobs.embedded import EmbeddedPostgres
from soundstage.jobs.migrate import migrate
from soundstage.jobs.orders import NewOrder

IDLE_SUBMITS, BURST, WAITING, STARTS = 200, 50, 100_000, 50
STAGE = "from soundstage.jobs.stage import serve_stage; serve_stage(lambda payload, tell: {})"
WORKER = """
import asyncio, json, os, sys
from soundstage.jobs.worker import Worker
asyncio.run(Worker(dsn=sys.argv[1], stage_argv=json.loads(sys.argv[2]), stage_environ=os.environ).run())
"""


def new_order() -> NewOrder:
    return NewOrder(order_id=str(uuid.uuid4()), endpoint="benchmark", payload={"prompt": "x" * 500})


async def submit_ms(book: OrderBook) -> float:
    begun = time.perf_counter()
    await book.submit(new_order())
    return (time.perf_counter() - begun) * 1e3


def show(claim: str, values_ms: list[float]) -> None:
    values = sorted(values_ms)
    p99 = values[min(len(values) - 1, round(len(values) * 0.99))]
    print(f"{claim:<42} median {statistics.median(values):6.1f} ms   p99 {p99:6.1f} ms   n={len(values)}")


async def measure(dsn: str) -> None:
    await migrate(dsn)
    async with OrderBook(dsn) as book:
        await submit_ms(book)
        show("submit, one at a time", [await submit_ms(book) for _ in range(IDLE_SUBMITS)])
        show(f"submit, {BURST} at once", await asyncio.gather(*(submit_ms(book) for _ in range(BURST))))

        worker = await asyncio.create_subprocess_exec(
            sys.executable, "-c", WORKER, dsn, json.dumps([sys.executable, "-c", STAGE])
        )
        last = await book.submit(new_order())
        async for _ in book.watch(last.order_id):
            pass  # the backlog is done, the worker idle
        starts_ms = []
        for _ in range(STARTS):
            order = await book.submit(new_order())
            state = [state async for state in book.watch(order.order_id)][-1]
            starts_ms.append((state.started_at - state.submitted_at).total_seconds() * 1e3)
        show("submit to start, idle worker", starts_ms)
        worker.terminate()
        await worker.wait()

        begun = time.perf_counter()
        for _ in range(WAITING // 200):
            await book.submit_many([new_order() for _ in range(200)])
        print(f"submit_many, 200 orders each: {WAITING / (time.perf_counter() - begun):,.0f} orders/s")
        show(f"submit behind {WAITING:,} waiting", [await submit_ms(book) for _ in range(20)])
        last = await book.submit(new_order())
        finds_ms = []
        for _ in range(20):
            begun = time.perf_counter()
            await book.find(last.order_id)
            finds_ms.append((time.perf_counter() - begun) * 1e3)
        show(f"place of an order behind {WAITING:,}", finds_ms)


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="soundstage-benchmark-", dir="/tmp"))
    folder.chmod(0o711)
    try:
        for visit in ("first ever", "in use"):
            begun = time.perf_counter()
            with EmbeddedPostgres(folder / "home", environ=os.environ) as server:
                print(f"PostgreSQL starts, {visit}: {time.perf_counter() - begun:.2f} s")
                if visit == "in use":
                    asyncio.run(measure(server.dsn()))
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
