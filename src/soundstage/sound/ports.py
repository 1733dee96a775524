"""What may stand in for our own synthesis: a model that makes sound from words. The contract only.

No model is chosen here. Whoever has one hands it to `compose`: it is asked for each effect and each layer of
the bed; where it has nothing, or fails, ours is heard, and a note says so. The mix is never its business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np

from soundstage.errors import SoundModelBroke
from soundstage.sound.primitives import as_sound

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from soundstage.film import Waveform


@runtime_checkable
class SoundModel(Protocol):
    """Makes sound from words, from weights on this machine alone."""

    name: str  #: as notes call it

    def generate(self, words: str, seconds: float, seed: int) -> Waveform | None:
        """Return what the words sound like, `seconds` long; None when it has nothing for them.

        The same words, length and seed must give the same samples on one machine. Its level does not matter:
        the layer's own is set afterwards. May raise anything: then our own synthesis is heard.
        """
        ...


def ask(model: SoundModel, words: str, frames: int, seed: int) -> NDArray[np.float32] | None:
    """Return what a model makes of words, (2, frames), cut or ended with silence; None when it has nothing.

    Raises:
        SoundModelBroke: it failed, or what it made is no sound.
    """
    try:
        made = model.generate(words, frames / 48_000, seed)
    except Exception as exc:
        raise SoundModelBroke(f"{model.name} failed on {words!r}: {exc!r}") from exc
    if made is None:
        return None
    samples = made.samples
    if samples.ndim != 2 or samples.shape[0] != 2 or not np.isfinite(samples).all():
        raise SoundModelBroke(
            f"{model.name} made {samples.shape} {samples.dtype} for {words!r}, no (2, N) sound"
        )
    missing = max(frames - samples.shape[1], 0)
    return as_sound(np.pad(samples[:, :frames], ((0, 0), (0, missing))))


class Understudy:
    """Asks a model, and notes where our own synthesis goes on for it. Without a model it has nothing."""

    def __init__(self, model: SoundModel | None) -> None:
        self._model = model
        self.notes: list[str] = []

    def sound(self, words: str, frames: int, seed: int) -> NDArray[np.float32] | None:
        """Return what the model makes, or None where ours is to be heard."""
        if self._model is None:
            return None
        try:
            return ask(self._model, words, frames, seed)
        except SoundModelBroke as exc:
            self.notes.append(f"our own synthesis is heard, since {exc}")
            return None
