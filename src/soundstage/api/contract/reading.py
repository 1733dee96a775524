"""A request body -> Order, or every reason why not. The door both the API and the terminal take."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from pydantic import ValidationError
from pydantic_core import from_json as parse_json

from soundstage.api.contract.edited import read_screenplay
from soundstage.api.contract.family import find_endpoint
from soundstage.api.contract.fields import OrderFields
from soundstage.api.contract.limits import WIRE_LIMITS
from soundstage.api.contract.rules import check_blank, check_sources, drop_blank_prompt, read_lengths
from soundstage.api.contract.words import echo, not_one_of, translate
from soundstage.errors import OrderRefused, Problem
from soundstage.film import Order, Seconds, ShotRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from soundstage.api.contract.family import Endpoint
    from soundstage.api.contract.limits import Limits
    from soundstage.api.contract.rules import Lengths
    from soundstage.film import Screenplay


def read_order(
    endpoint_id: str,
    body: bytes | dict[str, Any],
    *,
    order_id: str,
    pick_seed: Callable[[], int],
    engines: Collection[str],
    limits: Limits = WIRE_LIMITS,
) -> Order:
    """Read a request.

    Args:
        endpoint_id: "fal-ai/kling-video/v3/pro/text-to-video".
        body: JSON as it came, or the object it stands for. Empty counts as `{}`, which some clients send so.
        order_id: the new order's, a UUID.
        pick_seed: gives 0..2^32-1 when the request has no seed.
        engines: names of the installed engines.
        limits: how long a film may be at this door.

    Raises:
        EndpointUnknown: no such endpoint; the message lists those there are.
        OrderRefused: has every problem that was found.
    """
    endpoint = find_endpoint(endpoint_id)
    raw = _parse(body)
    raw = {name: v for name, v in raw.items() if v is not None and name not in endpoint.dropped}
    raw = drop_blank_prompt(raw)

    fields, problems = _read_fields(raw)
    screenplay: Screenplay | None = None
    if fields.screenplay is not None:
        screenplay, found = read_screenplay(fields.screenplay, limits, _absent(endpoint, fields, pick_seed))
        problems += found
    own_seconds = screenplay.seconds if screenplay else None
    lengths, found = read_lengths(raw, endpoint.defaults, limits, own_seconds=own_seconds)
    problems += [*check_sources(raw), *check_blank(raw), *found]
    engine = endpoint.engine if fields.engine is None else fields.engine
    if engine not in engines:
        problems.append(_engine_problem(engine, fields, engines))
    if problems:
        raise OrderRefused(tuple(problems))

    seed = _first(fields.seed, screenplay and screenplay.seed)
    seed = pick_seed() if seed is None else seed
    order = _order(endpoint, fields, lengths, screenplay, order_id=order_id, engine=engine, seed=seed)
    if screenplay is None:
        return order
    # Both must agree for whoever reads either: what was sent beside a screenplay changes it.
    edited = replace(
        screenplay, seed=seed, size=order.size, fps=order.fps,
        sound=order.generate_audio, adherence=order.cfg_scale,
    )  # fmt: skip
    return replace(order, screenplay=edited)


def _parse(body: bytes | dict[str, Any]) -> dict[str, Any]:
    if isinstance(body, dict):
        return body
    if not body.strip():
        return {}
    try:
        value: Any = parse_json(body, allow_inf_nan=False)
    except ValueError as exc:
        msg = f'the body is no JSON: {exc}; send an object, as {{"prompt": "..."}}'
        refused = Problem(loc=("body",), msg=msg, type="json_invalid", ctx={"error": str(exc)})
        raise OrderRefused((refused,)) from exc
    if not isinstance(value, dict):
        msg = f'the body is {_kind(value)}: it must be an object, as {{"prompt": "..."}}'
        raise OrderRefused((Problem(loc=("body",), msg=msg, type="dict_type", input=echo(value)),))
    return cast("dict[str, Any]", value)


def _kind(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    return {list: "a list", str: "a string"}.get(type(value), "a number")


def _read_fields(raw: dict[str, Any]) -> tuple[OrderFields, list[Problem]]:
    """Return the fields that read, and a Problem for each that does not."""
    shaped = raw
    if isinstance(raw.get("multi_prompt"), list):
        shaped = {**raw, "multi_prompt": [_without_nulls(shot) for shot in raw["multi_prompt"]]}
    try:
        return OrderFields.model_validate(shaped), []
    except ValidationError as exc:
        errors = exc.errors(include_url=False)
    wrong = {error["loc"][0] for error in errors}
    fields = OrderFields.model_validate({name: v for name, v in shaped.items() if name not in wrong})
    return fields, [translate(error) for error in errors]


def _without_nulls(shot: Any) -> Any:
    if not isinstance(shot, dict):
        return shot
    return {name: value for name, value in cast("dict[str, Any]", shot).items() if value is not None}


def _engine_problem(engine: str, fields: OrderFields, engines: Collection[str]) -> Problem:
    if not engines:
        msg = f"'engine' is {engine!r}: no engine is installed on this server; see `soundstage engines`"
        return Problem(
            loc=("body", "engine"), msg=msg, type="one_of", ctx={"expected": []}, input=fields.engine
        )
    return not_one_of(("engine",), engine, sorted(engines), kind="one_of")


def _order(
    endpoint: Endpoint,
    fields: OrderFields,
    lengths: Lengths,
    screenplay: Screenplay | None,
    *,
    order_id: str,
    engine: str,
    seed: int,
) -> Order:
    defaults = endpoint.defaults
    shots = tuple(
        ShotRequest(prompt=shot.prompt, seconds=Seconds(float(seconds)))
        for shot, seconds in zip(fields.multi_prompt or (), lengths.shot_seconds, strict=True)
    )
    resized = fields.resolution is not None or fields.aspect_ratio is not None
    size = endpoint.size(fields.aspect_ratio or defaults.aspect_ratio, fields.resolution)
    seconds = lengths.total_seconds if screenplay is None else screenplay.seconds
    assert seconds is not None, lengths
    return Order(
        order_id=order_id,
        endpoint=endpoint.id,
        prompt=fields.prompt,
        shots=shots,
        seconds=Seconds(float(seconds)),
        size=size if screenplay is None or resized else screenplay.size,
        fps=_first(fields.fps, screenplay and screenplay.fps, defaults.fps),
        generate_audio=_first(
            fields.generate_audio, screenplay and screenplay.sound, defaults.generate_audio
        ),
        shot_type=_first(fields.shot_type, defaults.shot_type),
        negative_prompt=_first(fields.negative_prompt, defaults.negative_prompt),
        cfg_scale=_first(fields.cfg_scale, screenplay and screenplay.adherence, defaults.cfg_scale),
        seed=seed,
        engine=engine,
        captions=_first(fields.captions, defaults.captions),
        screenplay=screenplay,
    )


def _absent(endpoint: Endpoint, fields: OrderFields, pick_seed: Callable[[], int]) -> dict[str, Any]:
    """Return what a screenplay that was written by hand need not say: the request and the endpoint do."""
    defaults = endpoint.defaults
    size = endpoint.size(fields.aspect_ratio or defaults.aspect_ratio, fields.resolution)
    return {
        "size": {"width": size.width, "height": size.height},
        "fps": _first(fields.fps, defaults.fps),
        "seed": pick_seed() if fields.seed is None else fields.seed,
        "sound": _first(fields.generate_audio, defaults.generate_audio),
        "adherence": _first(fields.cfg_scale, defaults.cfg_scale),
    }


def _first(*values: Any) -> Any:
    """Return the first value that is not None; what was sent goes before what is assumed."""
    for value in values:
        if value is not None:
            return value
    return None
