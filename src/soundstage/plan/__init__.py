"""Stage 1 of 5. An order in, a screenplay out. Knows no picture, no sound, no file, no network.

Light to import: tables load when the first prompt is read, and stay as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from soundstage.film import Order, Screenplay

__all__ = ["write_screenplay"]


def write_screenplay(order: Order) -> Screenplay:
    """Return the screenplay of an order; an edited one it carries is checked and returned.

    Pure: the same order gives the same screenplay.

    Raises:
        ScreenplayInvalid: the order carries a screenplay that cannot be filmed; the message names the field.
    """
    from soundstage.plan import screenplay  # noqa: PLC0415 - the terminal's help must not wait for the grammar

    return screenplay.write_screenplay(order)
