"""The request's fields: types, limits and words, each declared once. Rules between fields are in `rules.py`.

`read_order`, the OpenAPI documents and llms.txt are all made from this table, so that they cannot drift.
JSON types count strictly: a number in quotes is no number. Absent is None; defaults are the endpoint's.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from soundstage.api.contract.limits import MAX_SEED, PROMPT_CHARACTERS, WIRE_LIMITS
from soundstage.film import CaptionChoice, ShotType  # noqa: TC001 - pydantic reads them when the class is made

SHOT_CHARACTERS = 512
MAX_SHOTS = 6
#: What marks, in a schema, a field that fal's endpoint does not have.
OURS = "x-soundstage-extension"

_NO_NUL = {"pattern": r"^[^\u0000]*$"}
#: No NUL, and one character that is not white space.
WORDS = {"pattern": r"^[^\u0000]*[^\s\u0000][^\u0000]*$"}


def _without_nul(text: str) -> str:
    # PostgreSQL stores no U+0000 in text or JSON: let through, it would fail the insert, not the request.
    if "\0" in text:
        raise PydanticCustomError("nul_character", "no NUL character may be in it")
    return text


def _lengths(low: int, default: str) -> dict[str, Any]:
    """Return the schema of a length in seconds; `rules.py` reads it, since its limits are the door's."""
    legal = [str(seconds) for seconds in range(low, WIRE_LIMITS.max_seconds + 1)]
    string = {"type": "string", "enum": legal}
    return {"anyOf": [string, {"type": "null"}], "examples": [default]}


def _may_be_blank(schema: dict[str, Any]) -> None:
    # Beside another source a prompt may be blank (`rules.py`): its least length is said there, by case.
    del schema["minLength"]


def _whole(value: Any) -> Any:
    # JSON has one kind of number: 7.0 is a whole one, and some languages write it so.
    return int(value) if isinstance(value, float) and value.is_integer() else value


Prompt = Annotated[
    str,
    Field(min_length=1, max_length=PROMPT_CHARACTERS, json_schema_extra=_may_be_blank),
    AfterValidator(_without_nul),
]
ShotPrompt = Annotated[
    str,
    Field(min_length=1, max_length=SHOT_CHARACTERS, json_schema_extra={**WORDS}),
    AfterValidator(_without_nul),
]
Negative = Annotated[
    str, Field(max_length=PROMPT_CHARACTERS, json_schema_extra={**_NO_NUL}), AfterValidator(_without_nul)
]
_CONFIG = ConfigDict(strict=True, extra="ignore", frozen=True, allow_inf_nan=False)


class ShotFields(BaseModel):
    """One shot of the film."""

    model_config = _CONFIG | ConfigDict(title="KlingV3MultiPromptElement")

    prompt: Annotated[
        ShotPrompt,
        Field(description="What this shot shows and says.", examples=["A dog runs along the beach"]),
    ]
    duration: Annotated[
        Any,
        Field(
            description="How long the shot lasts, in seconds. Together the shots last 3 to 15.",
            json_schema_extra=_lengths(WIRE_LIMITS.min_shot_seconds, "5"),
        ),
    ] = None


class OrderFields(BaseModel):
    """The body of a request."""

    model_config = _CONFIG

    prompt: Annotated[
        Prompt | None,
        Field(
            description="What the film shows, says and sounds like. Send either this or multi_prompt.",
            examples=["Fireflies in a dark forest. An old man whispers: “Listen.”"],
        ),
    ] = None
    multi_prompt: Annotated[
        Annotated[list[ShotFields], Field(min_length=1, max_length=MAX_SHOTS)] | None,
        Field(
            description="The shots, one after another, instead of one prompt. The film lasts their sum.",
            examples=[[{"prompt": "A dog runs along the beach", "duration": "3"}]],
        ),
    ] = None
    duration: Annotated[
        Any,
        Field(
            description="How long the film lasts, in seconds. Beside multi_prompt it must equal their sum.",
            json_schema_extra=_lengths(WIRE_LIMITS.min_seconds, "5"),
        ),
    ] = None
    generate_audio: Annotated[
        bool | None, Field(description="Whether the film has sound: voices, effects and ambience.")
    ] = None
    shot_type: Annotated[
        ShotType | None,
        Field(description="customize films the shots as given; intelligent lets the planner cut the prompt."),
    ] = None
    aspect_ratio: Annotated[
        Literal["16:9", "9:16", "1:1"] | None, Field(description="The shape of the frame.")
    ] = None
    negative_prompt: Annotated[
        Negative | None, Field(description="A bare list of what must not be in the film.")
    ] = None
    cfg_scale: Annotated[
        Annotated[float, Field(ge=0, le=1)] | None,
        Field(description="How closely the film keeps to the prompt, from 0 to 1."),
    ] = None
    character_orientation: Annotated[
        Literal["image", "video"] | None,
        Field(description="Belongs to motion control: checked, and without effect here."),
    ] = None
    seed: Annotated[
        Annotated[int, Field(ge=0, le=MAX_SEED), BeforeValidator(_whole)] | None,
        Field(
            description="The same seed makes the same film. Absent: one is picked, and told in the output.",
            examples=[7], json_schema_extra={OURS: True},
        ),
    ] = None  # fmt: skip
    resolution: Annotated[
        Literal["360p", "540p", "720p", "1080p", "4k"] | None,
        Field(description="The short side of the frame.", json_schema_extra={OURS: True}),
    ] = None
    fps: Annotated[
        Annotated[Literal[24, 25, 30, 48, 60], BeforeValidator(_whole)] | None,
        Field(description="Frames per second.", json_schema_extra={OURS: True}),
    ] = None
    engine: Annotated[
        str | None, Field(description="The engine that renders it.", json_schema_extra={OURS: True})
    ] = None
    captions: Annotated[
        CaptionChoice | None,
        Field(
            description="Where the spoken words are written: in files, in a track of the film, or both.",
            json_schema_extra={OURS: True},
        ),
    ] = None
    screenplay: Annotated[
        dict[str, Any] | None,
        Field(
            description="An edited screenplay, as an output has it, instead of prompt and multi_prompt.",
            json_schema_extra={OURS: True},
        ),
    ] = None
