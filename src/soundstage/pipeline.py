"""One order, top to bottom. Each step is a folder; no folder knows its neighbour. Knows no HTTP, no queue."""

from __future__ import annotations

import hashlib
import json
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from soundstage.errors import EngineBroke, EngineUnavailable, SoundstageError
from soundstage.film import Facts, Report, Seen
from soundstage.plain import to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence
    from concurrent.futures import Future
    from contextlib import AbstractContextManager

    from soundstage.film import (
        CaptionChoice,
        Film,
        Frames,
        FrameSize,
        LipTrack,
        Order,
        Screenplay,
        Shot,
        Soundtrack,
        Tell,
    )
    from soundstage.render.engine import Brief, Engine, EngineSpec
    from soundstage.stitch import ClipKey


class EngineRack(Protocol):
    """Lends opened engines."""

    def opened(self, name: str) -> AbstractContextManager[Engine]:
        """Lend the engine of this name."""
        ...


class Workbench(Protocol):
    """Where one order's clips are kept and joined."""

    def has(self, key: ClipKey) -> bool:
        """Tell whether this shot was finished before."""
        ...

    def shoot(self, key: ClipKey, frames: Iterator[Frames], on_frame: Callable[[int], None]) -> None:
        """Encode a shot's frames as they come."""
        ...

    def join(
        self,
        keys: Sequence[ClipKey],
        screenplay: Screenplay,
        soundtrack: Soundtrack | None,
        captions: CaptionChoice,
        facts: Facts,
    ) -> Film:
        """Join clips and sound into a draft of the film."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Studio:
    """The parts a film goes through, in order."""

    write: Callable[[Order], Screenplay]  #: plan/
    engines: EngineRack  #: render/
    brief: Callable[[Screenplay, Shot], Brief]  #: what the engine must know beside the shot
    speak: Callable[[Screenplay], tuple[LipTrack, ...]]  #: sound/: the voices, before any frame is drawn
    compose: Callable[[Screenplay, Seen], Soundtrack]  #: sound/
    bench: Callable[[Order], Workbench]  #: stitch/
    clip_key: Callable[[Shot, Brief, str], ClipKey]
    publish: Callable[[Film], Film]  #: storage/


def make_film(order: Order, studio: Studio, tell: Tell) -> Film:
    """Make the film an order asks for.

    A second attempt does not render again what is on the bench. `tell` raises Cancelled once the
    caller withdraws. The film's bytes depend on the order alone; `spent_s` beside them does not.
    """
    spent_s: dict[str, float] = {}
    with _timed(spent_s, "plan"):
        screenplay = studio.write(order)
        tell(_planned(screenplay))
    bench = studio.bench(order)
    soundtrack = None
    lips: tuple[LipTrack, ...] = ()
    if _has_voices(screenplay):
        with _timed(spent_s, "speak"):
            # Mouths are drawn as the voices speak, so the voices come first; the mix finds them spoken.
            lips = studio.speak(screenplay)
    # Sound is made beside the picture: building a shot's scene leaves a core idle.
    composing: Future[Soundtrack] | None = None
    with ThreadPoolExecutor(1, "sound") as composer:
        with _timed(spent_s, "render"), studio.engines.opened(order.engine) as engine:
            spec, notes = engine.spec, [str(note) for note in screenplay.notes]
            _refuse_unfit(screenplay, spec)
            if screenplay.sound:
                composing = composer.submit(studio.compose, screenplay, _foresee(screenplay, engine, studio))
            keys = [
                _shoot(shot, screenplay, lips, engine, studio, bench, tell, notes)
                for shot in screenplay.shots
            ]
        if composing is not None:
            with _timed(spent_s, "sound"):
                soundtrack = composing.result()
                notes += soundtrack.notes
                tell(_heard(soundtrack))
    frame_count = sum(key.frame_count for key in keys)
    with _timed(spent_s, "stitch"):
        tell(Report(stage="stitch", done=0, total=1, message="Joining picture and sound"))
        draft = bench.join(
            keys,
            screenplay,
            soundtrack,
            order.captions,
            Facts(
                made_by=spec.made_by,
                engine=spec.name,
                engine_version=spec.version,
                seed=screenplay.seed,
                size=screenplay.size,
                fps=screenplay.fps,
                frame_count=frame_count,
                seconds=screenplay.seconds,
                has_audio=soundtrack is not None,
                loudness_lufs=None if soundtrack is None else soundtrack.loudness_lufs,
                notes=tuple(notes),
            ),
        )
    with _timed(spent_s, "store"):
        film = studio.publish(draft)
    film = replace(film, facts=replace(film.facts, spent_s={k: round(v, 3) for k, v in spent_s.items()}))
    tell(_ready(film))
    return film


def fingerprint(shot: Shot, brief: Brief, engine_version: str) -> str:
    """Return a short hash of all that a shot's pixels depend on, so that a changed shot is shot again."""
    told = json.dumps([to_json(shot), to_json(brief), engine_version], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def brief_with_lips(brief: Brief, shot: Shot, lips: Sequence[LipTrack]) -> Brief:
    """Return a brief with the mouths that move during its shot, on the shot's own clock."""
    first, last = float(shot.start), float(shot.start + shot.seconds)
    return replace(
        brief,
        lips=tuple(track.later(-first) for track in lips if track.start_s < last and track.end_s > first),
    )


def _foresee(screenplay: Screenplay, engine: Engine, studio: Studio) -> Seen:
    """Return what the picture will show that must be heard with it, on the film's clock."""
    found: list[Seen] = []
    for shot in screenplay.shots:
        if shot.effects or shot.weather == "storm":
            with _blamed(engine, shot):
                found.append(engine.foresee(shot, studio.brief(screenplay, shot)).later(float(shot.start)))
    return Seen(
        footfalls=tuple(fall for seen in found for fall in seen.footfalls),
        flashes=tuple(flash for seen in found for flash in seen.flashes),
    )


def _has_voices(screenplay: Screenplay) -> bool:
    return screenplay.sound and any(shot.dialogue for shot in screenplay.shots)


def _shoot(
    shot: Shot,
    screenplay: Screenplay,
    lips: Sequence[LipTrack],
    engine: Engine,
    studio: Studio,
    bench: Workbench,
    tell: Tell,
    notes: list[str],
) -> ClipKey:
    """Render one shot onto the bench, unless it lies there already."""
    brief = brief_with_lips(studio.brief(screenplay, shot), shot, lips)
    key = studio.clip_key(shot, brief, fingerprint(shot, brief, f"{engine.spec.name} {engine.spec.version}"))
    shots = len(screenplay.shots)
    label = f"Shot {shot.index + 1} of {shots}"
    before = round(shot.start * screenplay.fps)
    total = round(screenplay.seconds * screenplay.fps)

    def report(frame: int, message: str | None = None) -> None:
        done = before + frame
        tell(Report(stage="render", done=done, total=total, shot=shot.index, shots=shots, message=message))

    for sentence in engine.stand_ins(shot):
        notes.append(sentence)
        report(0, f"{label}: {sentence}")
    if bench.has(key):
        report(key.frame_count, f"{label}: kept from an earlier attempt")
        return key
    report(0, f"{label}: rendering {key.frame_count} frames with {engine.spec.name}")
    quarters = {round(key.frame_count * q / 4): 25 * q for q in (1, 2, 3)}

    def on_frame(done: int) -> None:
        per_cent = quarters.get(done)
        said = None if per_cent is None else f"{label}: {done} of {key.frame_count} frames ({per_cent} %)"
        report(done, said)

    with closing(_render(engine, shot, brief)) as frames:
        bench.shoot(key, frames, on_frame)
    return key


def _render(engine: Engine, shot: Shot, brief: Brief) -> Generator[Frames]:
    """Yield an engine's frames; end its work in flight when we are closed; give its failures its name."""
    with _blamed(engine, shot):
        frames: Any = engine.render(shot, brief)
        with closing(frames):
            yield from frames


@contextmanager
def _blamed(engine: Engine, shot: Shot) -> Generator[None]:
    try:
        yield
    except SoundstageError:
        raise
    except Exception as exc:
        # A stranger's engine may fail in any way; who reads the order's error must learn whose it was.
        name = engine.spec.name
        raise EngineBroke(f"engine {name!r} failed on shot {shot.index + 1}: {exc!r}") from exc


def _refuse_unfit(screenplay: Screenplay, spec: EngineSpec) -> None:
    """Refuse a film that is beyond what the engine says it can do, before time is spent on it."""
    size, most = screenplay.size, spec.max_size
    longest_s = max(shot.seconds for shot in screenplay.shots)
    if size.width > most.width or size.height > most.height:
        asked, rule = _named(size), f"frames up to {_named(most)}; lower the resolution"
    elif screenplay.fps not in spec.fps:
        asked, rule = f"{screenplay.fps} fps", f"{', '.join(map(str, spec.fps))} fps; choose one of these"
    elif longest_s > spec.max_seconds:
        asked, rule = (
            f"a shot of {longest_s:g} s",
            f"shots up to {spec.max_seconds:g} s; cut it into more shots",
        )
    else:
        return
    raise EngineUnavailable(f"{asked} was asked, engine {spec.name!r} makes {rule}, or choose another engine")


def _planned(screenplay: Screenplay) -> Report:
    first, size = screenplay.shots[0], screenplay.size
    seen = ", ".join(s.noun for s in first.subjects) or "no subject"
    shots = len(screenplay.shots)
    message = (
        f"Planned {shots} shot{'s' * (shots > 1)}, {screenplay.seconds:g} s, {_named(size)} at"
        f" {screenplay.fps} fps: {first.place}, {first.time_of_day.replace('_', ' ')},"
        f" {first.weather}; {seen}"
    )
    return Report(stage="plan", done=1, total=1, shots=shots, message=message)


def _heard(soundtrack: Soundtrack) -> Report:
    lines = len(soundtrack.cues)
    message = f"Sound: {lines} line{'s' * (lines != 1)} spoken, mixed to {soundtrack.loudness_lufs:.1f} LUFS"
    return Report(stage="sound", done=1, total=1, message="; ".join([message, *soundtrack.notes]))


def _ready(film: Film) -> Report:
    video = film.file("video")
    assert video is not None, film
    seconds = sum(film.facts.spent_s.values())
    megabytes = video.bytes / 1e6
    message = f"Film ready: {film.facts.seconds:g} s, {megabytes:.1f} MB, made in {seconds:.1f} s"
    return Report(stage="store", done=1, total=1, message=message)


def _named(size: FrameSize) -> str:
    return f"{size.width}x{size.height}"


class _timed:  # noqa: N801 - reads as the verb it is
    """Adds the time spent in a block to `spent_s[stage]`."""

    def __init__(self, spent_s: dict[str, float], stage: str) -> None:
        self._spent_s, self._stage = spent_s, stage

    def __enter__(self) -> None:
        self._start = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        self._spent_s[self._stage] = time.perf_counter() - self._start
