"""Fields of `/v1/videos` -> an endpoint and fal's fields for it. Knows no HTTP; the contract judges them."""

from __future__ import annotations

import math
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, cast

from soundstage.api.contract import endpoints
from soundstage.api.contract.fields import OrderFields
from soundstage.api.contract.words import echo, problem, show
from soundstage.errors import EndpointUnknown, OrderRefused, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from soundstage.api.contract import Endpoint

_SIZE = re.compile(r"\s*([0-9]{1,5})\s*[xX*]\s*([0-9]{1,5})\s*")
_WHOLE = re.compile(r"\s*([0-9]{1,4})(\.0*)?\s*")
MOST_FPS = 240  #: beyond that a number is no frame rate, and what counts by it would not read
SOURCES = ("multi_prompt", "screenplay")  #: they bring their own length


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoRequest:
    """A request in fal's words, and what its fields were called before."""

    endpoint: Endpoint
    fields: Mapping[str, Any]
    sent_as: Mapping[str, str]  #: our field -> theirs, where the names differ


@cache
def dialect() -> Mapping[str, Any]:
    """Return the table `dialect.toml`."""
    text = resources.files("soundstage.api.videos").joinpath("dialect.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def short_name(endpoint: Endpoint) -> str:
    """Return what to call an endpoint without its owner and kind: "v3-pro"."""
    return endpoint.id.removeprefix(f"{endpoint.app}/").rpartition("/")[0].replace("/", "-")


def find_model(name: Any) -> Endpoint:
    """Return the endpoint of an id, a short name, or a name in the dialect's table.

    Raises:
        EndpointUnknown: there is none; the message lists all names.
    """
    named = {endpoint.id: endpoint for endpoint in endpoints()}
    names = {short_name(endpoint): endpoint for endpoint in endpoints()}
    names |= {other: named[target] for other, target in dialect()["models"].items()}
    found = (named | names).get(name.strip().lower()) if isinstance(name, str) else None
    if found is None:
        raise EndpointUnknown(f"no model is called {show(name)}; served here: {', '.join([*names, *named])}")
    return found


def read_video(sent: Mapping[str, Any]) -> VideoRequest:
    """Translate a request.

    Raises:
        EndpointUnknown: no such model.
        OrderRefused: a picture or film came with it, or a size or count that is not made here.
    """
    table = dialect()
    extra = sent.get("extra_params", {})
    raw: dict[str, Any] = {**cast("dict[str, Any]", extra), **sent} if isinstance(extra, dict) else {**sent}
    problems = [_picture_problem(name) for name in table["pictures"]["fields"] if raw.get(name)]
    if not isinstance(extra, dict):
        problems.append(problem(("extra_params",), "dict_type", "it must be an object", extra))
    if raw.get("n") not in (None, 1):
        problems.append(
            problem(("n",), "less_than_equal", "one request makes one film", raw["n"], nearest="1")
        )
    if problems:
        raise OrderRefused(tuple(problems))
    endpoint = find_model(raw.get("model", table["defaults"]["model"]))
    sent_as = {ours: theirs for theirs, ours in table["renamed"].items() if theirs in raw}
    fields = {table["renamed"].get(name, name): value for name, value in raw.items()}
    fields |= _read_length(raw) | _read_frame(raw, endpoint)
    if {"size", "width"} & raw.keys():
        sent_as |= {"aspect_ratio": "size", "resolution": "size"}
    known = {name: value for name, value in fields.items() if name in OrderFields.model_fields}
    return VideoRequest(endpoint=endpoint, fields=known, sent_as=sent_as)


def _picture_problem(name: str) -> Problem:
    words = (
        f"{name!r} was sent, and text-to-video makes films from words alone: leave it out, and describe it"
    )
    return Problem(loc=("body", name), msg=words, type="feature_not_supported")


def _read_length(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return `duration`; `seconds` goes before `num_frames`, and shots bring their own."""
    sent = raw.get("seconds", raw.get("duration"))
    if sent is not None:
        return {"duration": _whole(sent)}
    if "num_frames" in raw:
        return {"duration": _seconds_of(raw["num_frames"], raw.get("fps"))}
    if any(name in raw for name in SOURCES):
        return {}
    return {"duration": dialect()["defaults"]["seconds"]}


def _whole(value: Any) -> Any:
    """Return 8, 8.0 and "8.0" as "8"; anything else as it came."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return value
    found = _WHOLE.fullmatch(str(value))
    return str(int(found[1])) if found else value


def _seconds_of(frames: Any, fps: Any) -> str:
    """Return the length of so many frames, where that is a whole number of seconds."""
    rate = fps if isinstance(fps, int) and 0 < fps <= MOST_FPS else 24
    # Diffusion models count one frame more than their intervals: 121 at 24 fps is 5 seconds.
    if isinstance(frames, int) and frames >= rate and frames % rate in (0, 1):
        return str(frames // rate)
    near = max(3, min(frames // rate, 15)) * rate if isinstance(frames, int) else 5 * rate
    rule = f"at {rate} fps it must be whole seconds of {rate} frames"
    raise OrderRefused((problem(("num_frames",), "multiple_of", rule, frames, nearest=str(near)),))


def _read_frame(raw: Mapping[str, Any], endpoint: Endpoint) -> dict[str, Any]:
    """Return `aspect_ratio` and `resolution` for a size in pixels; nothing when none was sent."""
    sent = raw.get("size")
    if sent is None and ("width" in raw or "height" in raw):
        sent = "x".join(str(_whole(_side(raw, name))) for name in ("width", "height"))
    if sent is None:
        return {}
    sizes = {
        f"{size.width}x{size.height}": {"aspect_ratio": aspect, "resolution": resolution}
        for resolution, frames in endpoint.sizes.items()
        for aspect, size in frames.items()
    }
    found = _SIZE.fullmatch(sent) if isinstance(sent, str) else None
    frame = sizes.get(f"{int(found[1])}x{int(found[2])}") if found else None
    if frame is not None:
        return frame
    near = min(sizes, key=lambda name: _distance(name, found)) if found else "1280x720"
    rule = f"it must be one of {', '.join(sizes)}"
    told = problem(("size",), "one_of", rule, echo(sent), nearest=f'"{near}"', ctx={"expected": list(sizes)})
    raise OrderRefused((told,))


def _side(raw: Mapping[str, Any], name: str) -> Any:
    if name not in raw:
        words = f"{name!r} is missing: a frame has a width and a height; send both, or 'size'"
        raise OrderRefused((Problem(loc=("body", name), msg=words, type="missing"),))
    return raw[name]


def _distance(name: str, found: re.Match[str]) -> float:
    """Return how unlike two sizes are: by factors, so that the shape counts as much as the scale."""
    width, height = (int(side) for side in name.split("x"))
    asked = (max(1, int(found[1])), max(1, int(found[2])))
    return abs(math.log(width / asked[0])) + abs(math.log(height / asked[1]))
