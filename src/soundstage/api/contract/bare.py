"""A request of a prompt and plain values -> Order, without the libraries that read every request.

They take longer to load than a plan takes. Whatever is not plainly right is left to `read_order`, which says
what is wrong; what is read here, a test holds equal to what `read_order` reads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from soundstage.api.contract.family import find_endpoint
from soundstage.api.contract.limits import MAX_SEED, PROMPT_CHARACTERS
from soundstage.film import Order, Seconds, ShotType

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from soundstage.api.contract.limits import Limits


def read_bare_order(
    endpoint_id: str,
    fields: Mapping[str, Any],
    *,
    order_id: str,
    pick_seed: Callable[[], int],
    limits: Limits,
) -> Order | None:
    """Return the order of a prompt with a few plain fields; None where anything needs a closer look.

    The endpoint's engine is taken as installed: a plan needs none.

    Args:
        endpoint_id: as `read_order` has it, and so the rest.
        fields: as they were sent.
        order_id: the new order's.
        pick_seed: gives a seed where none was sent.
        limits: of this door.

    Raises:
        EndpointUnknown: no such endpoint.
    """
    endpoint = find_endpoint(endpoint_id)
    if endpoint.dropped & fields.keys():
        return None
    seconds = {str(length): length for length in range(limits.min_seconds, limits.max_seconds + 1)}
    own = endpoint.defaults
    read: dict[str, Callable[[Any], Any]] = {
        "prompt": lambda sent: sent if _is_text(sent) and sent.strip() else None,
        "duration": lambda sent: seconds.get(sent) if isinstance(sent, str) else None,
        "seed": lambda sent: sent if type(sent) is int and 0 <= sent <= MAX_SEED else None,
        "shot_type": lambda sent: sent if sent in get_args(ShotType) else None,
        "negative_prompt": lambda sent: sent if _is_text(sent) else None,
        "cfg_scale": lambda sent: float(sent) if type(sent) in (int, float) and 0 <= sent <= 1 else None,
        "generate_audio": lambda sent: sent if type(sent) is bool else None,
        "resolution": lambda sent: sent if sent in [*endpoint.sizes] else None,
        "aspect_ratio": lambda sent: sent if sent in [*endpoint.sizes[endpoint.resolution]] else None,
    }  # fmt: skip
    known: dict[str, Any] = {
        name: read[name](sent) if name in read else None for name, sent in fields.items()
    }
    if "prompt" not in known or None in known.values():
        return None
    return Order(
        order_id=order_id,
        endpoint=endpoint.id,
        prompt=known["prompt"],
        shots=(),
        seconds=Seconds(float(known.get("duration", own.seconds))),
        size=endpoint.size(known.get("aspect_ratio", own.aspect_ratio), known.get("resolution")),
        fps=own.fps,
        generate_audio=known.get("generate_audio", own.generate_audio),
        shot_type=known.get("shot_type", own.shot_type),
        negative_prompt=known.get("negative_prompt", own.negative_prompt),
        cfg_scale=known.get("cfg_scale", own.cfg_scale),
        seed=known["seed"] if "seed" in known else pick_seed(),
        engine=endpoint.engine,
        captions=own.captions,
    )


def _is_text(sent: Any) -> bool:
    """Tell whether it is a text that may be stored: short enough, without NUL and halves of characters."""
    if not isinstance(sent, str) or len(sent) > PROMPT_CHARACTERS or "\0" in sent:
        return False
    return sent.isascii() or sent.isprintable() or not any("\ud800" <= char <= "\udfff" for char in sent)
