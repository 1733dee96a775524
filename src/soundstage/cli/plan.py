"""`soundstage plan`: print the Screenplay a prompt becomes, as JSON."""

from __future__ import annotations

import json

import typer

from soundstage.cli import request


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
    no_audio: request.NoAudio = False,
    source: request.Input = None,
    endpoint: request.Endpoint = request.DEFAULT_ENDPOINT,
) -> None:
    """Print the screenplay of a prompt as JSON: edit it and send it back as `screenplay`."""
    from soundstage import app
    from soundstage.plain import to_json

    body = request.gather_fields(
        source=source,
        prompt=prompt,
        shots=shot,
        seconds=seconds,
        no_audio=no_audio,
        aspect_ratio=aspect,
        resolution=resolution,
        fps=fps,
        seed=seed,
        negative_prompt=negative,
        cfg_scale=cfg,
    )
    order = app.read_request(body, endpoint=endpoint, settings=app.load_settings())
    typer.echo(json.dumps(to_json(app.write_screenplay(order)), indent=2, ensure_ascii=False))
