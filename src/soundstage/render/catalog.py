"""Finds engines by their entry points and keeps the opened ones warm. Knows no engine by name."""

from __future__ import annotations

import difflib
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING

from soundstage.errors import EngineError, EngineUnavailable, EngineUnknown

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from soundstage.render.engine import Engine, EngineSpec, Workplace

GROUP = "soundstage.engines"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What is known of one engine on this machine."""

    name: str
    spec: EngineSpec | None  #: None when its module does not import
    reason: str | None  #: why it cannot run here; None when it can


class Catalog:
    """The engines installed beside us, ours among them."""

    def __init__(self, workplace: Workplace, found: Iterable[EntryPoint] | None = None) -> None:
        self._workplace = workplace
        points = entry_points(group=GROUP) if found is None else found
        self._points = {point.name: point for point in points}
        self._open: dict[str, Engine] = {}

    def names(self) -> tuple[str, ...]:
        """Return the names of all installed engines, sorted."""
        return tuple(sorted(self._points))

    def load(self, name: str) -> Engine:
        """Build the engine of this name without opening it.

        Raises:
            EngineUnknown: none is installed under this name.
            EngineUnavailable: its module does not import; the message says why.
        """
        point = self._points.get(name)
        if point is None:
            near = difflib.get_close_matches(name, self._points, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise EngineUnknown(f"no engine is named {name!r}; installed: {', '.join(self.names())}{hint}")
        try:
            kind: type[Engine] = point.load()
            return kind(self._workplace)
        except EngineError:
            raise
        except Exception as exc:
            # A stranger's plug-in may fail in any way; the others must stay usable.
            raise EngineUnavailable(f"engine {name!r} ({point.value}) does not load: {exc}") from exc

    def survey(self) -> tuple[Finding, ...]:
        """Tell of each engine whether it can run here, and why not."""
        findings: list[Finding] = []
        for name in self.names():
            spec = None
            try:
                engine = self.load(name)
                spec = engine.spec
                engine.check()
            except EngineError as exc:
                findings.append(Finding(name=name, spec=spec, reason=str(exc)))
            else:
                findings.append(Finding(name=name, spec=spec, reason=None))
        return tuple(findings)

    @contextmanager
    def opened(self, name: str) -> Generator[Engine]:
        """Lend the engine, opened. It stays open for the next order until `close`."""
        if name not in self._open:
            engine = self.load(name)
            engine.check()
            try:
                engine.open()
            except EngineError:
                raise
            except Exception as exc:
                raise EngineUnavailable(f"engine {name!r} does not open: {exc!r}") from exc
            self._open[name] = engine
        yield self._open[name]

    def close(self) -> None:
        """Close every engine that was opened."""
        while self._open:
            self._open.popitem()[1].close()
