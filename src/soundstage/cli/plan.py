"""`soundstage plan`: what was understood of a prompt, as a storyboard, as JSON, or in an engine's words."""

from __future__ import annotations

import gc
import io
import sys
from pathlib import Path  # noqa: TC003 - typer reads it from the signature
from typing import Annotated

import typer

from soundstage.cli import request
from soundstage.cli.printing import Dialect, print_screenplay
from soundstage.cli.shortcut import DEFAULT_ENDPOINT
from soundstage.errors import EndpointUnknown, OrderRefused, ScreenplayInvalid, SettingsInvalid

EXIT_MISUSED = 2


def plan(
    prompt: request.Prompt = None,
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
    source: request.Input = None,
    screenplay: request.ScreenplayFlag = None,
    endpoint: request.Endpoint = DEFAULT_ENDPOINT,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the screenplay as JSON, to be edited and sent back.")
    ] = False,
    dialect: Annotated[
        Dialect | None,
        typer.Option(help="Print it as a prompt for a neural engine: prose, h3, or shots (one a paragraph)."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write it there instead; .json means --json."),
    ] = None,
) -> None:
    """Show what a prompt is understood as: a storyboard, shot by shot."""
    from soundstage import app

    gc.disable()  # what is loaded stays: to look through it for garbage would take a tenth of the time
    try:
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
            shot_type=shot_type,
        )
        settings = app.load_settings()
        order = app.read_request(body, endpoint=endpoint, settings=settings)
        written = app.write_screenplay(order, settings)
    except OrderRefused as exc:
        for problem in exc.problems:
            sys.stderr.write(f"soundstage: {problem.msg}\n")
        raise typer.Exit(EXIT_MISUSED) from exc
    except (SettingsInvalid, EndpointUnknown, ScreenplayInvalid) as exc:
        sys.stderr.write(f"soundstage: {exc}\n")
        raise typer.Exit(EXIT_MISUSED) from exc
    finally:
        gc.enable()
    as_json = as_json or (output is not None and output.suffix == ".json" and dialect is None)
    if output is None:
        print_screenplay(written, sys.stdout, as_json=as_json, dialect=dialect)
        return
    text = io.StringIO()
    print_screenplay(written, text, as_json=as_json, dialect=dialect)
    try:
        output.write_text(text.getvalue(), "utf-8")
    except OSError as exc:
        sys.stderr.write(f"soundstage: --output {output} cannot be written: {exc.strerror}\n")
        raise typer.Exit(EXIT_MISUSED) from exc
