"""Stage 1 of 5. An order in, a screenplay out. Knows no picture, no sound, no file, no network.

Light to import: tables load when the first prompt is read, and stay as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from soundstage.film import Order, Screenplay
    from soundstage.plan.ports import ScreenplayModel, Translator

__all__ = ["write_screenplay"]


def write_screenplay(
    order: Order, *, translator: Translator | None = None, model: ScreenplayModel | None = None
) -> Screenplay:
    """Return the screenplay of an order; an edited one it carries is checked and returned.

    Pure without the last two: the same order gives the same screenplay.

    Args:
        order: what was asked.
        translator: puts lines that are neither English nor Chinese into English; without one they stay.
        model: plans the shots in the grammar's stead, as far as it keeps the rules.

    Raises:
        ScreenplayInvalid: the order carries a screenplay that cannot be filmed; the message names the field.
    """
    from soundstage.plan import screenplay  # noqa: PLC0415 - the terminal's help must not wait for the grammar

    written = screenplay.write_screenplay(order)
    if order.screenplay is not None:
        return written
    if model is not None:
        from soundstage.plan.modelled import plan_with  # noqa: PLC0415 - few have set one

        written = plan_with(order, written, model)
    from soundstage.plan.translation import translate_lines  # noqa: PLC0415 - with the grammar

    return translate_lines(written, translator)
