"""The request's fields: types and limits that stand alone. Rules between fields are in `rules.py`.

JSON types count strictly: a number in quotes is no number. Absent is None; defaults are the endpoint's.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from soundstage.film import CaptionChoice, ShotType  # noqa: TC001 - pydantic reads them when the class is made

PROMPT_CHARACTERS = 2500
SHOT_CHARACTERS = 512
MAX_SHOTS = 6
MAX_SEED = 2**32 - 1


def _without_nul(text: str) -> str:
    # PostgreSQL stores no U+0000 in text or JSON: let through, it would fail the insert, not the request.
    if "\0" in text:
        raise PydanticCustomError("nul_character", "no NUL character may be in it")
    return text


Prompt = Annotated[
    str, Field(min_length=1, max_length=PROMPT_CHARACTERS), AfterValidator(_without_nul)
]  # fmt: skip
ShotPrompt = Annotated[
    str, Field(min_length=1, max_length=SHOT_CHARACTERS), AfterValidator(_without_nul)
]  # fmt: skip
Negative = Annotated[str, Field(max_length=PROMPT_CHARACTERS), AfterValidator(_without_nul)]
_CONFIG = ConfigDict(strict=True, extra="ignore", frozen=True, allow_inf_nan=False)


class ShotFields(BaseModel):
    """One element of `multi_prompt`."""

    model_config = _CONFIG

    prompt: Annotated[ShotPrompt, Field(description="What it shows.")]
    duration: Annotated[Any, Field(description="Its length in seconds, a string; see rules.py.")] = None


class OrderFields(BaseModel):
    """The body of a request."""

    model_config = _CONFIG

    prompt: Annotated[Prompt | None, Field(description="What the film shows and says.")] = None
    multi_prompt: Annotated[
        Annotated[list[ShotFields], Field(min_length=1, max_length=MAX_SHOTS)] | None,
        Field(description="The shots, one after another."),
    ] = None
    screenplay: Annotated[
        dict[str, Any] | None, Field(description="An edited screenplay, instead of either prompt.")
    ] = None
    duration: Annotated[Any, Field(description="Length in seconds, a string; see rules.py.")] = None
    generate_audio: Annotated[bool | None, Field(description="Whether the film has sound.")] = None
    shot_type: Annotated[
        ShotType | None, Field(description="Shots as given, or a prompt cut by the planner.")
    ] = None
    aspect_ratio: Annotated[
        Literal["16:9", "9:16", "1:1"] | None, Field(description="Shape of the frame.")
    ] = None
    negative_prompt: Annotated[
        Negative | None, Field(description="A bare list of what must not be there.")
    ] = None
    cfg_scale: Annotated[
        Annotated[float, Field(ge=0, le=1)] | None,
        Field(description="How closely the film keeps to the prompt."),
    ] = None
    character_orientation: Annotated[
        Literal["image", "video"] | None, Field(description="Of motion control; no effect here.")
    ] = None
    seed: Annotated[
        Annotated[int, Field(ge=0, le=MAX_SEED)] | None, Field(description="Same seed, same film.")
    ] = None
    resolution: Annotated[
        Literal["360p", "540p", "720p", "1080p", "4k"] | None, Field(description="Short side of the frame.")
    ] = None
    fps: Annotated[Literal[24, 25, 30, 48, 60] | None, Field(description="Frames per second.")] = None
    engine: Annotated[str | None, Field(description="Who renders it.")] = None
    captions: Annotated[CaptionChoice | None, Field(description="Where the spoken words are written.")] = None
