"""`soundstage plan PROMPT` without the libraries that read every command: they take longer than a plan.

Only what is plainly right is answered here. The rest, help and every mistake too, goes the way of all
commands (`commands.py`); a test holds both ways equal.
"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Any, cast, get_args

from soundstage.cli.printing import Dialect, print_screenplay

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

DEFAULT_ENDPOINT = "fal-ai/kling-video/v3/pro/text-to-video"


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdecimal()):
        raise ValueError(text)
    return int(text)


#: flag -> the field it stands for, and how its text is read
_VALUES: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "--seconds": ("duration", lambda text: str(_whole(text))),
    "--seed": ("seed", _whole),
    "--cfg": ("cfg_scale", lambda text: float(text if text.replace(".", "").isdecimal() else "?")),
    "--negative": ("negative_prompt", str),
    "--shot-type": ("shot_type", str),
    "--aspect": ("aspect_ratio", str),
    "--resolution": ("resolution", str),
}


def answer_at_once(words: Sequence[str], out: Any) -> bool:
    """Answer a command line, the program's name left out; False where it is none of the plain ones."""
    if words[:1] != ["plan"]:
        return False
    from soundstage import planning
    from soundstage.errors import SoundstageError

    gc.disable()  # what is loaded stays: to look through it for garbage would take a tenth of the time
    try:
        asked = dict(_read(iter(words[1:])))
        dialect, as_json = asked.pop("--dialect", None), asked.pop("--json", False)
        endpoint = asked.pop("--endpoint", DEFAULT_ENDPOINT)
        if dialect not in (None, *get_args(Dialect)):
            return False
        screenplay = planning.plan_at_once(asked, endpoint=endpoint)
    except (ValueError, SoundstageError):
        return False
    finally:
        gc.enable()
    if screenplay is None:
        return False
    print_screenplay(screenplay, out, as_json=as_json, dialect=cast("Dialect | None", dialect))
    return True


def _read(words: Iterator[str]) -> Iterator[tuple[str, Any]]:
    """Yield the fields that are sent, and flags of the command by their own names.

    Raises:
        ValueError: a word is no plain flag, lacks its value, or is a second prompt.
    """
    prompted = False
    for word in words:
        flag, equals, value = word.partition("=")
        if word == "--json":
            yield word, True
        elif word == "--no-audio":
            yield "generate_audio", False
        elif flag in _VALUES or flag in ("--dialect", "--endpoint"):
            text = value if equals else next(words, "-")
            if text.startswith("-"):
                raise ValueError(word)
            name, read = _VALUES.get(flag, (flag, str))
            yield name, read(text)
        elif word.startswith("-") or prompted:
            raise ValueError(word)
        else:
            prompted = True
            yield "prompt", word
