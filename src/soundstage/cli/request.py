"""Flags and request files -> the wire's fields, so that the terminal and the API share one contract."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from soundstage.errors import SettingsInvalid

if TYPE_CHECKING:
    from pathlib import Path

DEFAULT_ENDPOINT = "fal-ai/kling-video/v3/pro/text-to-video"

Prompt = Annotated[str | None, typer.Argument(help="What the film shows, says and sounds like.")]
Input = Annotated[
    str | None,
    typer.Option("--input", metavar="FILE", help="A request as JSON in the wire's fields; - reads stdin."),
]
SecondsFlag = Annotated[
    int | None, typer.Option("--seconds", help="Length of the film, 3 to 60.  [default: 5]")
]
Aspect = Annotated[str | None, typer.Option(help="16:9, 9:16 or 1:1.  [default: 16:9]")]
Resolution = Annotated[
    str | None, typer.Option(help="360p, 540p, 720p, 1080p or 4k (short side).  [default: 1080p]")
]
Fps = Annotated[int | None, typer.Option(help="24, 25, 30, 48 or 60.  [default: 24]")]
Seed = Annotated[int | None, typer.Option(help="0 to 4294967295: the same seed makes the same film.")]
Negative = Annotated[str | None, typer.Option(help="A bare list of what must not be there.")]
Cfg = Annotated[float | None, typer.Option(help="0 to 1: how closely the film keeps to the prompt.")]
ShotFlag = Annotated[
    list[str] | None, typer.Option("--shot", metavar="TEXT=SECONDS", help="A shot; repeat it for each cut.")
]
NoAudio = Annotated[bool, typer.Option("--no-audio", help="Make a film without an audio stream.")]
EngineFlag = Annotated[
    str | None, typer.Option("--engine", help="One of `soundstage engines`.  [default: previz]")
]
CaptionsFlag = Annotated[
    str | None, typer.Option("--captions", help="none, file, track or both.  [default: both]")
]
Endpoint = Annotated[str, typer.Option(help="Whose fields and defaults count.")]


def gather_fields(
    *,
    source: str | None,
    prompt: str | None,
    shots: list[str] | None,
    seconds: int | None,
    no_audio: bool,
    **wire: Any,
) -> dict[str, Any] | bytes:
    """Return the request body that the flags or the file stand for; `wire` has the fields' own names.

    A request file is passed on byte by byte when no flag goes with it, so that its errors read as the wire's.

    Raises:
        SettingsInvalid: a file that cannot be read, or a `--shot` without seconds.
    """
    given = {name: value for name, value in wire.items() if value is not None}
    if prompt is not None:
        given["prompt"] = prompt
    if shots:
        given["multi_prompt"] = [_read_shot(text) for text in shots]
    if seconds is not None:
        given["duration"] = str(seconds)
    if no_audio:
        given["generate_audio"] = False
    if source is None:
        return given
    body = _read_source(source)
    if not given:
        return body
    try:
        fields: Any = json.loads(body)
    except ValueError as exc:
        raise SettingsInvalid(f"--input {source} is not JSON: {exc}") from exc
    if not isinstance(fields, dict):
        raise SettingsInvalid(f"--input {source} holds {type(fields).__name__}; a request is a JSON object")
    return {**fields, **given}


def _read_source(source: str) -> bytes:
    if source == "-":
        return sys.stdin.buffer.read()
    from pathlib import Path

    path: Path = Path(source)
    try:
        return path.read_bytes()
    except OSError as exc:
        raise SettingsInvalid(f"--input {source} cannot be read: {exc.strerror}") from exc


def _read_shot(text: str) -> dict[str, str]:
    words, equals, seconds = text.rpartition("=")
    if not equals or not seconds.strip().isdigit():
        raise SettingsInvalid(f'--shot {text!r} names no whole seconds; write --shot "{text}=5"')
    return {"prompt": words.strip(), "duration": seconds.strip()}
