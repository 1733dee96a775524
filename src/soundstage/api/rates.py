"""How often a caller may ask for what costs work and is no order: a bucket of calls each, in memory.

Every process counts for itself. Knows no route and no key, only names.
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from soundstage.caller_errors import CallsTooMany

if TYPE_CHECKING:
    from collections.abc import Callable

#: Callers remembered at once; a full bucket is as good as none, so those that have rested go first.
_MOST_CALLERS = 10_000


class RateLimit:
    """A bucket for each caller: full it holds a minute's calls, and fills again evenly."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Allow so many calls a minute.

        Args:
            per_minute: of each caller, and as many at once after a minute's rest.
            clock: seconds that only grow.
        """
        self._per_minute = per_minute
        self._clock = clock
        self._buckets: dict[str, tuple[float, float]] = {}  # caller -> calls left, when that was counted

    def take(self, caller: str) -> None:
        """Count a call.

        Raises:
            CallsTooMany: the caller's bucket is empty; nothing was counted.
        """
        now = self._clock()
        left, counted_at = self._buckets.get(caller, (float(self._per_minute), now))
        left = min(self._per_minute, left + (now - counted_at) * self._per_minute / 60)
        if left < 1:
            wait_s = math.ceil((1 - left) * 60 / self._per_minute)
            raise CallsTooMany(
                f"{self._per_minute} plans a minute are the most; ask again in {wait_s} s",
                retry_after_s=wait_s,
            )
        self._buckets[caller] = (left - 1, now)
        if len(self._buckets) > _MOST_CALLERS:
            self._forget(now)

    def _forget(self, now: float) -> None:
        rested = [name for name, (_, counted_at) in self._buckets.items() if now - counted_at > 60]
        for name in rested or list(self._buckets)[: _MOST_CALLERS // 2]:
            del self._buckets[name]
