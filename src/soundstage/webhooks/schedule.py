"""When a delivery is tried again, and how long a receiver has. The numbers are in `schedule.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """The plan of one delivery."""

    first_timeout_s: float
    retry_timeout_s: float
    gaps_s: tuple[float, ...]  #: from the beginning of an attempt to that of the next; as many as retries

    @classmethod
    def load(
        cls,
        *,
        gaps_s: tuple[float, ...] = (),
        first_timeout_s: float | None = None,
        retry_timeout_s: float | None = None,
    ) -> Self:
        """Return the table's plan, with what is given in its place."""
        text = resources.files("soundstage.webhooks").joinpath("schedule.toml").read_text("utf-8")
        table = tomllib.loads(text)
        return cls(
            first_timeout_s=first_timeout_s or table["first_timeout_s"],
            retry_timeout_s=retry_timeout_s or table["retry_timeout_s"],
            gaps_s=gaps_s or tuple(float(gap) for gap in table["gaps_s"]),
        )

    def timeout_s(self, attempt: int) -> float:
        """Return how long a receiver has; attempt 1 is the first."""
        return self.first_timeout_s if attempt == 1 else self.retry_timeout_s
