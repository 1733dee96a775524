"""How long the sound of a film takes, in CPU seconds: `python benchmarks/sound_time.py`.

Claims, on two cores with compiled kernels on disk: 15 s with three voices, five effects, ambience, weather
and music in 3 s or less, the voices' own processes included; 5 s of forest at night in 0.7 s or less; how
three mouths move in 0.8 s. Loading is apart.
"""

from __future__ import annotations

import resource
import tempfile
from pathlib import Path

from soundstage.film import CastMember, Effect, FrameSize, Line, Music, Screenplay, Seconds, Shot


def cpu_s() -> float:
    """Return the CPU seconds of this process and of those it has reaped."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)


def film(seconds: float, *shots: Shot, cast: tuple[CastMember, ...] = ()) -> Screenplay:
    return Screenplay(
        title="benchmark",
        seconds=Seconds(seconds),
        size=FrameSize(width=1920, height=1080),
        fps=24,
        seed=1,
        sound=True,
        shots=shots,
        cast=cast,
    )


def shot(index: int, start_s: float, **fields) -> Shot:
    return Shot(index=index, start=Seconds(start_s), seconds=Seconds(5.0), text="", **fields)


def line(speaker: str, text: str, start_s: float, language: str = "en") -> Line:
    return Line(
        speaker=speaker, text=text, language=language, start=Seconds(start_s), end=Seconds(start_s + 3.8)
    )


def effect(name: str, start_s: float) -> Effect:
    return Effect(name=name, start=Seconds(start_s), end=Seconds(start_s + 2.0))


FOREST = film(5.0, shot(0, 0.0, place="forest", time_of_day="night"))
THREE_VOICES = film(
    15.0,
    shot(
        0, 0.0, place="forest", weather="storm",
        dialogue=(line("Anna", "Did you hear that? Something is out there.", 0.6),),
        effects=(effect("footsteps", 0.2), effect("thunder", 3.0)),
    ),
    shot(
        1, 5.0, place="room", weather="storm", music=Music(said="soft piano", instruments=("piano",)),
        dialogue=(line("Ben", "It is only the storm. Sit down by the fire.", 5.5),),
        effects=(effect("door", 5.1), effect("glass_clink", 9.2)),
    ),
    shot(
        2, 10.0, place="beach",
        dialogue=(line("小明", "船长，2024年的暴风雨来了！", 10.5, "zh"),),  # noqa: RUF001 - Chinese signs
        effects=(effect("splash", 14.0),),
    ),
    cast=(CastMember(name="Anna", gender="female"), CastMember(name="Ben", gender="male", age="old")),
)  # fmt: skip


def main() -> None:
    began = cpu_s()
    from soundstage.sound import compose, speak, warm

    warm()
    print(f"load and warm          {cpu_s() - began:6.2f} s CPU")
    with tempfile.TemporaryDirectory() as folder:
        began = cpu_s()
        speak(THREE_VOICES, cache_dir=Path(folder))
        spent_s = cpu_s() - began
        verdict = "within" if spent_s <= 0.8 else "OVER"
        print(f"mouths of three voices {spent_s:6.2f} s CPU, {verdict} 0.8 s")
    for name, screenplay, limit_s in (
        ("15 s, all layers", THREE_VOICES, 3.0),
        ("5 s forest night", FOREST, 0.7),
    ):
        spent = []
        for _ in range(3):
            with tempfile.TemporaryDirectory() as folder:  # an empty shelf: every voice speaks
                began = cpu_s()
                made = compose(screenplay, cache_dir=Path(folder))
                spent.append(cpu_s() - began)
        verdict = "within" if min(spent) <= limit_s else "OVER"
        print(f"{name:22} {min(spent):6.2f} s CPU, {verdict} {limit_s:g} s ({made.loudness_lufs:.1f} LUFS)")


if __name__ == "__main__":
    main()
