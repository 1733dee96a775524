"""Stage 1 of 5, part: regular expressions that are compiled when they are first used. Knows none of them.

The planner has some two hundred and a prompt needs a third of them: compiled at import, they would be a fifth
of the time that `soundstage plan` takes.
"""

from __future__ import annotations

import re
from typing import Any, cast


def lazy_pattern(expression: str, flags: int = 0) -> re.Pattern[str]:
    """Return what `re.compile` returns, compiled at its first use; a wrong expression fails only then."""
    return cast("re.Pattern[str]", _Lazy(expression, flags))


class _Lazy:
    """A pattern to be. What is asked of it (`search`) stays with it, so that asking again costs nothing."""

    def __init__(self, expression: str, flags: int) -> None:
        self._expression = expression
        self._flags = flags
        self._compiled: re.Pattern[str] | None = None

    def __getattr__(self, name: str) -> Any:
        # `re` keeps what it compiled, but not for ever: the pattern is held here.
        if self._compiled is None:
            self._compiled = re.compile(self._expression, self._flags)
        found = getattr(self._compiled, name)
        setattr(self, name, found)
        return found
