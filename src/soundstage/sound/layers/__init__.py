"""The layers of a bed, by the name data/ambience.toml calls their builder.

A builder takes a random generator, a number of frames and its parameters by name, and returns (2, N) float32
at 48 kHz of no set level: `ambience.py` sets it. The same generator state gives the same samples.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from soundstage.sound.layers import animals, people, water, weather

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

__all__ = ["BUILDERS", "Builder"]


Builder = Callable[..., "NDArray[np.float32]"]  #: (rng, frames, **parameters) -> (2, frames)

BUILDERS: Mapping[str, Builder] = {
    "birds": animals.birds,
    "city": people.city,
    "crickets": animals.crickets,
    "crowd": people.crowd,
    "drips": water.drips,
    "fire": people.fire,
    "frogs": animals.frogs,
    "gulls": animals.gulls,
    "howl": animals.howl,
    "leaves": weather.leaves,
    "machine": people.machine,
    "owl": animals.owl,
    "rain": weather.rain,
    "rain_on_glass": weather.rain_on_glass,
    "room_tone": people.room_tone,
    "stream": water.stream,
    "surf": water.surf,
    "thunder": weather.thunder,
    "underwater": water.underwater,
    "wind": weather.wind,
}
