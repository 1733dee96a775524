"""A storyboard's rows as lines: wrapped by how wide letters are, and coloured on a terminal."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    Cell = tuple[str, str]  # text, tone

PLAIN_COLUMNS, MOST_COLUMNS = 80, 100
LABEL_COLUMNS = 11
_MARKS = {"assumed": "~", "invented": "+ ", "warning": "! "}
_STYLES = {
    "title": "bold", "label": "cyan", "shot": "bold", "assumed": "dim", "quiet": "dim", "invented": "magenta",
    "speech": "green", "warning": "yellow", "said": "",
}  # fmt: skip


def lay_out(rows: Iterable[Any], columns: int) -> Iterator[list[Cell]]:
    """Yield the lines of a storyboard as runs of text, each with its tone.

    Args:
        rows: as `planning.draw_storyboard` gives them.
        columns: how wide a line may be; a letter of Chinese takes two.
    """
    for row in rows:
        if row.kind == "title":
            yield from _wrapped([(piece.text, "title") for piece in row.pieces], columns, "")
        elif row.kind == "shot":
            yield []
            told = " ".join(piece.text for piece in row.pieces)
            told = f"  {told} " if told else " "
            rule = "-" * max(0, columns - len(row.label) - len(told))
            yield [(row.label, "shot"), (told, "quiet"), (rule, "quiet")]
        elif row.kind == "legend":
            yield []
            yield from _wrapped(_joined(row.pieces, "   "), columns, "")
        else:
            label = f"  {row.label}".ljust(LABEL_COLUMNS)
            yield from _wrapped(_joined(row.pieces, ", "), columns, label)


def print_storyboard(rows: Sequence[Any], out: Any) -> None:
    """Print a storyboard: in colours on a terminal, else as plain text of 80 columns."""
    if not out.isatty():
        for line in lay_out(rows, PLAIN_COLUMNS):
            out.write("".join(text for text, _ in line).rstrip() + "\n")
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(file=out, highlight=False)
    for line in lay_out(rows, min(console.width, MOST_COLUMNS)):
        told = Text(no_wrap=True)
        for text, tone in line:
            told.append(text, _STYLES[tone])
        console.print(told, crop=False, overflow="ignore")


def _joined(pieces: Sequence[Any], between: str) -> list[Cell]:
    """Return pieces in one row, those nobody said with their mark; speech follows its speaker directly."""
    cells: list[Cell] = []
    for at, piece in enumerate(pieces):
        follows = piece.tone in ("speech", "quiet") and at > 0
        if at and not follows:
            cells.append((between, "said"))
        cells.append((_MARKS.get(piece.tone, "") + piece.text, piece.tone))
    return cells


def _wrapped(cells: Sequence[Cell], columns: int, label: str) -> Iterator[list[Cell]]:
    """Yield a row's lines; all but the first begin under its text."""
    indent = " " * len(label)
    line: list[Cell] = [(label, "label")] if label else []
    used, room = len(label), columns
    for word, tone in _words(cells):
        told = word
        if used + width_of(word) > room and used > len(label):
            yield line
            line, used = [(indent, "label")] if label else [], len(label)
            told = word.lstrip(" ")
        used += width_of(told)
        if line and line[-1][1] == tone:
            line[-1] = (line[-1][0] + told, tone)
        elif told:
            line.append((told, tone))
    yield line


def _words(cells: Sequence[Cell]) -> Iterator[Cell]:
    """Yield text in parts that may begin a line: words with their space, wide letters alone."""
    for text, tone in cells:
        part = ""
        for char in text.replace("\n", " "):
            if part and (char == " " or width_of(char) == 2 or width_of(part[-1]) == 2 or len(part) >= 60):
                yield part, tone
                part = ""
            part += char
        if part:
            yield part, tone


def width_of(text: str) -> int:
    """Return how many columns a text takes."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )
