"""`soundstage film`: a prompt in, a film out, in this process: no server, no database, no port."""

from __future__ import annotations

import json
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Self

import typer

from soundstage.cli import request
from soundstage.cli.shortcut import DEFAULT_ENDPOINT
from soundstage.errors import OrderRefused, SettingsInvalid, SoundstageError

if TYPE_CHECKING:
    from soundstage.film import Film, Report, Tell


def film(
    prompt: request.Prompt = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="Where the film goes.")] = Path("film.mp4"),
    seconds: request.SecondsFlag = None,
    aspect: request.Aspect = None,
    resolution: request.Resolution = None,
    fps: request.Fps = None,
    seed: request.Seed = None,
    negative: request.Negative = None,
    cfg: request.Cfg = None,
    shot: request.ShotFlag = None,
    shot_type: request.ShotTypeFlag = None,
    no_audio: request.NoAudio = False,
    engine: request.EngineFlag = None,
    captions: request.CaptionsFlag = None,
    source: request.Input = None,
    screenplay: request.ScreenplayFlag = None,
    endpoint: request.Endpoint = DEFAULT_ENDPOINT,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object on stdout, nothing else.")
    ] = False,
) -> None:
    """Make a film from a prompt, shots, a request file or a screenplay."""
    from soundstage import app

    stop = _Stop()
    try:
        if output.suffix.lower() != ".mp4":
            raise SettingsInvalid(f"--output {output} must end in .mp4: MP4 is the one container made here")
        body = request.gather_fields(
            source=source,
            prompt=prompt,
            shots=shot,
            seconds=seconds,
            no_audio=no_audio,
            screenplay=screenplay,
            aspect_ratio=aspect,
            resolution=resolution,
            fps=fps,
            seed=seed,
            negative_prompt=negative,
            cfg_scale=cfg,
            engine=engine,
            captions=captions,
            shot_type=shot_type,
        )
        settings = app.load_settings()
        order = app.read_request(body, endpoint=endpoint, settings=settings)
        with _Screen(quiet=as_json) as screen:

            def tell(report: Report, /) -> None:
                stop.check()
                screen.hear(report)

            made = app.make_film_here(order, settings, output.resolve(), tell=tell, say=screen.say)
    except SoundstageError as exc:
        if not as_json:
            raise
        typer.echo(json.dumps({"error": _error(exc)}, ensure_ascii=False))
        raise typer.Exit(1) from exc
    if as_json:
        typer.echo(json.dumps(_summary(made), ensure_ascii=False))
    else:
        typer.echo(_told(made))


class _Stop:
    """Ctrl-C, and the system's SIGTERM, which cleans up in the same way.

    The next report ends the film; a second signal does at once. Raised within an import, an exception
    leaves that module locked for ever (Python 3.11), and another thread of ours may wait for it.
    """

    def __init__(self) -> None:
        self._asked = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._hear)

    def check(self) -> None:
        """Raise KeyboardInterrupt once it was asked for."""
        if self._asked:
            raise KeyboardInterrupt

    def _hear(self, *_: object) -> None:
        if self._asked:
            raise KeyboardInterrupt
        self._asked = True


def _error(exc: SoundstageError) -> dict[str, Any]:
    told: dict[str, Any] = {"kind": exc.kind, "message": str(exc)}
    if isinstance(exc, OrderRefused):
        told["detail"] = [{"loc": list(p.loc), "msg": p.msg, "type": p.type} for p in exc.problems]
    return told


def _summary(made: Film) -> dict[str, Any]:
    """Return what `--json` prints: every file's path and every fact."""
    from soundstage.plain import to_json

    files = {
        f.role: {"path": str(f.path), "content_type": f.content_type, "bytes": f.bytes} for f in made.files
    }
    return {**to_json(made.facts), "files": files}


def _told(made: Film) -> str:
    """Return the closing lines: path, facts, where the time went."""
    facts, video = made.facts, made.file("video")
    assert video is not None, made
    sound = f"sound at {facts.loudness_lufs:.1f} LUFS" if facts.loudness_lufs is not None else "no sound"
    spent = ", ".join(f"{stage} {s:.1f} s" for stage, s in facts.spent_s.items() if s >= 0.05)
    length, megabytes = f"{facts.seconds:g} s", f"{video.bytes / 1e6:.1f} MB"
    beside = ", ".join(f.path.name for f in made.files if f.path is not None and f.role != "video")
    return "\n".join(
        [
            f"{video.path}",
            f"  {length}, {facts.size.width}x{facts.size.height} at {facts.fps} fps, {sound}, {megabytes}",
            f"  made by {facts.engine} {facts.engine_version} ({facts.made_by}), seed {facts.seed}",
            f"  beside it: {beside}",
            f"  time: {spent}; {sum(facts.spent_s.values()):.1f} s in all",
            *(f"  note: {note}" for note in facts.notes),
        ]
    )


class _Screen:
    """A progress bar on a terminal, plain lines in a pipe, nothing when quiet."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._started = time.monotonic()
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> Self:
        if self._quiet:
            return self
        from rich.console import Console

        self._console = Console(stderr=True, highlight=False)
        if self._console.is_terminal:
            from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

            columns = (
                TextColumn("{task.description}"),
                BarColumn(),
                TaskProgressColumn(),
                TextColumn("{task.fields[frames]}"),
                TimeRemainingColumn(compact=True),
            )
            self._bar = Progress(*columns, console=self._console, transient=True)
            self._bar.start()
            self._task = self._bar.add_task("Planning", total=None, frames="")
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def say(self, sentence: str) -> None:
        """Print one sentence at once: something is about to take time."""
        if not self._quiet:
            self._console.print(sentence, soft_wrap=True)

    @property
    def hear(self) -> Tell:
        """What the pipeline reports to."""
        return self._hear

    def _hear(self, report: Report) -> None:
        if self._quiet:
            return
        if self._bar is None:
            if report.message is not None:
                self._console.print(
                    f"{time.monotonic() - self._started:6.1f} s  {report.message}", soft_wrap=True
                )
            return
        if report.stage == "render":
            shot = f"Shot {(report.shot or 0) + 1} of {report.shots or 1}"
            frames = f"{report.done}/{report.total} frames"
            self._bar.update(
                self._task, description=shot, total=report.total, completed=report.done, frames=frames
            )
        elif report.message is not None:
            self._bar.update(self._task, description=report.message, frames="")
