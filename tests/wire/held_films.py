"""Films that are in the making for as long as a test, or the program it runs, wants them to be."""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from collections.abc import Generator

    from servers import Server

EP = "fal-ai/kling-video/v3/pro/text-to-video"
APP = "fal-ai/kling-video"
#: The smallest film there is; rendered flat, in some 0.2 s.
SMALL = {"engine": "rehearsal", "resolution": "360p", "duration": "3", "generate_audio": False, "seed": 5}


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldFilm:
    """A prompt whose film is not finished while a file stands."""

    prompt: str
    file: str

    def let_go(self) -> None:
        """Let the film be finished; who did so before is no error."""
        Path(self.file).unlink(missing_ok=True)


@contextmanager
def held_film(server: Server) -> Generator[HeldFilm]:
    """Lend a prompt whose film is not finished before its file is removed, at the latest by this block."""
    folder = server.home / "cache" / "rehearsal"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"js-{uuid.uuid4().hex[:8]}"
    file.touch()
    film = HeldFilm(prompt=f"A lake [hold {file.name}]", file=str(file))
    try:
        yield film
    finally:
        film.let_go()


@contextmanager
def waiting_for(server: Server, film: HeldFilm) -> Generator[str]:
    """Keep the worker busy with a held film; yields its order's id once that is in progress."""
    with httpx.Client(base_url=server.http, timeout=60) as http:
        submitted = http.post(f"/queue/{EP}", json={"prompt": film.prompt, **SMALL}).raise_for_status().json()
        order_id = submitted["request_id"]
        stream = f"/queue/{APP}/requests/{order_id}/status/stream"
        with http.stream("GET", stream) as told:
            next(line for line in told.iter_lines() if '"IN_PROGRESS"' in line)
        try:
            yield order_id
        finally:
            film.let_go()
            with http.stream("GET", stream) as told:
                next(line for line in told.iter_lines() if '"COMPLETED"' in line)
