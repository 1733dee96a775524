"""Flags and request files -> the wire's fields, so that the terminal and the API share one contract."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from soundstage.errors import SettingsInvalid

if TYPE_CHECKING:
    from pathlib import Path

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
ShotTypeFlag = Annotated[
    str | None,
    typer.Option(
        "--shot-type",
        help="customize keeps to the shots as written; intelligent cuts a prompt.  [default: customize]",
    ),
]
ScreenplayFlag = Annotated[
    str | None,
    typer.Option("--screenplay", metavar="FILE", help="An edited screenplay as JSON; - reads stdin."),
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
    screenplay: str | None = None,
    **wire: Any,
) -> dict[str, Any] | bytes:
    """Return the request body that the flags or the file stand for; `wire` has the fields' own names.

    A request file is passed on byte by byte when no flag goes with it, so that its errors read as the wire's.

    Raises:
        SettingsInvalid: a file that cannot be read or is no JSON, or a `--shot` without seconds.
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
    if screenplay is not None:
        given["screenplay"] = _read_object("--screenplay", screenplay, "a screenplay")
    if source is None:
        return given
    if not given:
        return _read_source("--input", source)
    return {**_read_object("--input", source, "a request"), **given}


def _read_object(flag: str, source: str, what: str) -> dict[str, Any]:
    try:
        fields: Any = json.loads(_read_source(flag, source))
    except ValueError as exc:
        raise SettingsInvalid(f"{flag} {source} is not JSON: {exc}") from exc
    if not isinstance(fields, dict):
        raise SettingsInvalid(f"{flag} {source} holds {type(fields).__name__}; {what} is a JSON object")
    return cast("dict[str, Any]", fields)


def _read_source(flag: str, source: str) -> bytes:
    if source == "-":
        return sys.stdin.buffer.read()
    from pathlib import Path

    path: Path = Path(source)
    try:
        return path.read_bytes()
    except OSError as exc:
        raise SettingsInvalid(f"{flag} {source} cannot be read: {exc.strerror}") from exc


def _read_shot(text: str) -> dict[str, str]:
    words, equals, seconds = text.rpartition("=")
    if not equals or not seconds.strip().isdigit():
        raise SettingsInvalid(f'--shot {text!r} names no whole seconds; write --shot "{text}=5"')
    return {"prompt": words.strip(), "duration": seconds.strip()}
