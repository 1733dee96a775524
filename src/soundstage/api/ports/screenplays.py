"""What turns an order into a screenplay, as a shape. It may take its time: the door asks it in a thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soundstage.film import Order, Screenplay

Dialect = Literal["prose", "h3", "shots"]


class Planner(Protocol):
    """The planner, as the worker has it."""

    def write(self, order: Order, /) -> Screenplay:
        """Return the screenplay of an order.

        Raises:
            ScreenplayInvalid: the order carries one that cannot be filmed.
        """
        ...

    def speak(self, screenplay: Screenplay, dialect: Dialect, /) -> Sequence[str]:
        """Return a screenplay in the words of a neural engine: one text, or one for each shot."""
        ...
