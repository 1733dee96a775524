"""Composition root, part: the planner with what an operator lets it ask. Importing it builds nothing.

Without a setting the planner is pure and asks nobody. A part that is set up badly fails no film: its lines
stay, the grammar plans, and notes say why; `soundstage doctor` tells before.
"""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from soundstage.errors import SettingsInvalid

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic import SecretStr

    from soundstage.config import Settings
    from soundstage.film import Order, Screenplay
    from soundstage.models.endpoint import ChatEndpoint
    from soundstage.plan.dialects import Dialect
    from soundstage.plan.dialects.storyboard import Row
    from soundstage.plan.ports import ScreenplayModel, Translator


def build_writer(settings: Settings | None) -> Callable[[Order], Screenplay]:
    """Return what writes screenplays, with the translator and the model that the settings name, if any.

    Raises:
        SettingsInvalid: a setting contradicts another; it is named.
    """
    from soundstage.plan import write_screenplay  # noqa: PLC0415 - the root imports a part where it builds it

    if settings is None:
        return write_screenplay
    return partial(write_screenplay, translator=build_translator(settings), model=build_model(settings))


def plan_at_once(fields: Mapping[str, Any], *, endpoint: str) -> Screenplay | None:
    """Plan a request of plain values by the grammar alone; None where it needs a closer look.

    For the terminal, which must not wait for what reads requests and settings. Variables count: with any of
    ours set, but for a data folder, somebody wants more than the grammar.

    Raises:
        EndpointUnknown: no such endpoint.
    """
    ours = {name: text for name, text in os.environ.items() if name.startswith("SOUNDSTAGE_") and text}
    home = Path(ours.pop("SOUNDSTAGE_HOME", "~")).expanduser()
    if ours or (home.exists() and not home.is_dir()):
        return None
    from soundstage.api.contract import TERMINAL_LIMITS, read_bare_order  # noqa: PLC0415 - see above

    order = read_bare_order(
        endpoint,
        fields,
        order_id="",  # no film comes of it
        pick_seed=lambda: int.from_bytes(os.urandom(4), "big"),
        limits=TERMINAL_LIMITS,
    )
    return None if order is None else build_writer(None)(order)


class Planner:
    """The planner as the API has it: the worker's, and what it writes in other words."""

    def __init__(self, settings: Settings) -> None:
        """Build the writer that the settings name."""
        self.write: Callable[[Order], Screenplay] = build_writer(settings)

    def speak(self, screenplay: Screenplay, dialect: Dialect) -> tuple[str, ...]:
        """Tell a screenplay in a dialect."""
        return speak(screenplay, dialect)


def speak(screenplay: Screenplay, dialect: Dialect) -> tuple[str, ...]:
    """Tell a screenplay in the words of a neural engine: one text, or one for each shot."""
    from soundstage.plan.dialects import speak  # noqa: PLC0415 - the root imports a part where it builds it

    return speak(screenplay, dialect)


def draw_storyboard(screenplay: Screenplay) -> tuple[Row, ...]:
    """Draw a screenplay for a person to read."""
    from soundstage.plan.dialects.storyboard import draw_storyboard  # noqa: PLC0415 - see above

    return draw_storyboard(screenplay)


def build_translator(settings: Settings) -> Translator | None:
    """Return the translator that the settings name, or None.

    Raises:
        SettingsInvalid: two are named, or an endpoint without a model.
    """
    if settings.translator_dir is not None:
        if settings.translator_url is not None:
            raise SettingsInvalid("translator_dir and translator_url are both set: unset one of them")
        from soundstage.models.folder import FolderTranslator  # noqa: PLC0415 - see above

        return FolderTranslator(settings.translator_dir.expanduser(), timeout_s=settings.translator_timeout_s)
    if settings.translator_url is None:
        return None
    from soundstage.models.chat import ChatTranslator  # noqa: PLC0415 - see above

    return ChatTranslator(
        _endpoint(
            "translator", settings.translator_url, settings.translator_model, settings.translator_key,
            settings.translator_timeout_s,
        )
    )  # fmt: skip


def build_model(settings: Settings) -> ScreenplayModel | None:
    """Return the language model that plans, or None: the grammar does.

    Raises:
        SettingsInvalid: an endpoint without a model.
    """
    if settings.planner_url is None:
        return None
    from soundstage.models.chat import ChatPlanner  # noqa: PLC0415 - see above

    return ChatPlanner(
        _endpoint(
            "planner", settings.planner_url, settings.planner_model, settings.planner_key,
            settings.planner_timeout_s,
        )
    )  # fmt: skip


def check_translator(settings: Settings) -> str:
    """Return a sentence for the doctor.

    Raises:
        SettingsInvalid: what is set cannot work.
    """
    build_translator(settings)
    if settings.translator_dir is not None:
        from soundstage.models.folder import check_folder  # noqa: PLC0415 - see above

        return check_folder(settings.translator_dir.expanduser())
    if settings.translator_url is not None:
        return f"{settings.translator_model} at {urlsplit(settings.translator_url).hostname}"
    return "none set: lines that are neither English nor Chinese are spoken in their own language"


def check_planner(settings: Settings) -> str:
    """Return a sentence for the doctor.

    Raises:
        SettingsInvalid: what is set cannot work.
    """
    build_model(settings)
    if settings.planner_url is None:
        return "the grammar"
    return f"{settings.planner_model} at {urlsplit(settings.planner_url).hostname}, else the grammar"


def _endpoint(
    part: str, url: str, model: str | None, key: SecretStr | None, timeout_s: float
) -> ChatEndpoint:
    from soundstage.models.endpoint import ChatEndpoint  # noqa: PLC0415 - see above

    try:
        address = urlsplit(url)
        fits = address.scheme in ("http", "https") and bool(address.hostname)
    except ValueError:
        fits = False
    if not fits:
        raise SettingsInvalid(f"{part}_url must be an address like http://localhost:11434/v1")
    if not model:
        raise SettingsInvalid(f"{part}_url is set and {part}_model is not: name the model to ask")
    return ChatEndpoint(
        url=url, model=model, key=key.get_secret_value() if key else None, timeout_s=timeout_s
    )
