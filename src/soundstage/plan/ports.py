"""Stage 1 of 5, part: what the planner may ask of others, none of it needed. Knows no network and no weights.

`app.py` hands in what implements these; without them the planner is pure and works alone. Both are asked for
the same thing once: an implementation keeps its answers, so that a film's second attempt has the same words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class ModelFailed(Exception):
    """What was asked gave no answer that can be used; the message is the reason, for notes and log.

    It never leaves the planner, which goes on without: it is no part of the error tree.
    """


class Translator(Protocol):
    """Puts lines of dialogue into another language."""

    @property
    def name(self) -> str:
        """What a person calls it: a folder's or a model's name."""
        ...

    def translate(self, texts: Sequence[str], source: str, target: str) -> Sequence[str]:
        """Return `texts` in the language `target`, as many and in order; `source` is what they are in.

        Raises:
            ModelFailed: it cannot, or took longer than it may.
        """
        ...


class ScreenplayModel(Protocol):
    """Writes a screenplay's shots from a prompt and the grammar's reading of it."""

    @property
    def name(self) -> str:
        """What `Screenplay.planner` says."""
        ...

    def write(self, asked: Mapping[str, Any], schema: Mapping[str, Any]) -> Any:
        """Return the JSON value it answers to `asked` with, after `schema` as far as it keeps to it.

        Raises:
            ModelFailed: it gave no JSON, or took longer than it may.
        """
        ...
