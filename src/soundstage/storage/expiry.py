"""Which files expire when, so that a sweep need not look at every file. A file's own note has the last word.

Layout: `.expiring/<hour since 1970>/<milliseconds since 1970>.<random>`, an entry for each file that
was told to expire. By the hour: a sweep lists what is due soon, not what a million files will be one day.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from typing import TYPE_CHECKING

from soundstage.storage.landing import settle

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from soundstage.storage.landing import Landing

HOUR_S = 3600


class Expiries:
    """The folder of what is going to expire."""

    def __init__(self, folder: Path, *, clock: Callable[[], float]) -> None:
        self._folder = folder
        self._clock = clock

    def enter(self, name: str, expires_at_s: float, landing: Landing) -> None:
        """Write down that a file will expire. Before it is kept: else a crash could keep it for ever."""
        with landing.part() as part:
            part.write_text(name, encoding="utf-8")
            entry = f"{int(expires_at_s * 1000):015d}.{secrets.token_hex(8)}"
            settle(part, self._folder / f"{int(expires_at_s // HOUR_S):09d}" / entry)

    def sweep(self, expire: Callable[[str], bool]) -> int:
        """Call `expire` with each name whose time has come, and return how often it said that it did."""
        swept, now_s = 0, self._clock()
        for hour in sorted(self._folder.glob("*")):
            if int(hour.name) * HOUR_S > now_s:
                break
            for entry in sorted(hour.glob("*.*")):
                if int(entry.name.partition(".")[0]) > now_s * 1000:
                    break
                with suppress(FileNotFoundError):  # another process sweeps too
                    swept += expire(entry.read_text(encoding="utf-8"))
                    entry.unlink()
            if (int(hour.name) + 1) * HOUR_S < now_s:
                with suppress(OSError):  # another process was first
                    hour.rmdir()
        return swept
