"""Uploads in parts: each part a file of its own in the upload's folder, until all are joined. Never served.

Layout: `.uploads/<upload id>/about.json`, and `<number>.<tag>.part` for each part. A part that is sent
again with other bytes stands beside the first one: the tags that complete the upload say which is meant.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from soundstage.errors import FileUnknown
from soundstage.file_errors import FileTooLarge, UploadIncomplete
from soundstage.storage.landing import settle
from soundstage.storage.store import MAX_PARTS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from soundstage.storage.landing import Landing

#: An upload that got no part for so long was given up; clients retry for minutes.
ABANDONED_AFTER_S = 24 * 3600.0

_ID_BYTES = 16
_ID = re.compile(r"[0-9a-f]{32}")
_PART = re.compile(r"(?P<number>\d{5})\.(?P<tag>[0-9a-f]{32})\.part")
_COPY_BYTES = 1 << 20


class Uploads:
    """The folder of uploads that are under way."""

    def __init__(self, folder: Path, *, clock: Callable[[], float], abandoned_after_s: float) -> None:
        self._folder = folder
        self._abandoned_after_s = abandoned_after_s
        self._clock = clock

    def begin(self, about: dict[str, object], landing: Landing) -> str:
        """Begin an upload; `about` has the file's `name`, and whatever must be known when it is complete."""
        upload_id = secrets.token_hex(_ID_BYTES)
        with landing.part() as part:
            part.write_text(json.dumps(about), encoding="utf-8")
            settle(part, self._folder / upload_id / "about.json")
        return upload_id

    def about(self, name: str, upload_id: str) -> dict[str, object]:
        """Return what was told when the upload began.

        Raises:
            FileUnknown: no upload of this id and name is under way.
        """
        unknown = f"no upload {upload_id[:40]!r} of {name!r} is under way: it was given up, or never begun"
        if _ID.fullmatch(upload_id) is None:
            raise FileUnknown(unknown)
        try:
            about = json.loads((self._folder / upload_id / "about.json").read_text(encoding="utf-8"))
        except FileNotFoundError as exc:
            raise FileUnknown(unknown) from exc
        if about["name"] != name:
            raise FileUnknown(unknown)
        return about

    def add(self, upload_id: str, number: int, tag: str, part: Path) -> None:
        """Take a part that has landed.

        Raises:
            FileUnknown: the upload was completed or given up while it came.
        """
        if not (self._folder / upload_id / "about.json").exists():
            raise FileUnknown(f"the upload {upload_id!r} ended while its part {number} came")
        settle(part, self._folder / upload_id / f"{number:05d}.{tag}.part")

    def size(self, upload_id: str, *, without: int | None = None) -> int:
        """Return how many bytes the parts have that are not of this number.

        Raises:
            FileUnknown: the upload has just ended.
        """
        try:
            return sum(path.stat().st_size for path, number, _ in self._parts(upload_id) if number != without)
        except FileNotFoundError as exc:
            raise FileUnknown(f"the upload {upload_id!r} has just ended") from exc

    def join(self, upload_id: str, parts: Sequence[tuple[int, str]], target: Path, *, max_bytes: int) -> None:
        """Write the parts to `target` in the order of their numbers.

        Raises:
            UploadIncomplete: a part is missing, is not the one that was sent, or was left out.
            FileTooLarge: together they are over `max_bytes`.
        """
        for number, _ in parts:
            check_number(number)  # before anything counts up to it
        paths = self._choose(upload_id, parts)
        total = sum(path.stat().st_size for path in paths)
        if total > max_bytes:
            raise FileTooLarge(
                f"the parts have {total} bytes, over the {max_bytes} that a file may have here",
                max_bytes=max_bytes,
            )
        with target.open("wb", buffering=0) as whole:
            for path in paths:
                with path.open("rb", buffering=0) as part:
                    shutil.copyfileobj(part, whole, _COPY_BYTES)

    def end(self, upload_id: str) -> None:
        """Forget an upload and its parts."""
        shutil.rmtree(self._folder / upload_id, ignore_errors=True)

    def sweep(self) -> int:
        """Remove uploads that nobody went on with, and return how many that were."""
        swept = 0
        before = self._clock() - self._abandoned_after_s
        for folder in self._folder.glob("*"):
            with suppress(FileNotFoundError):  # another process sweeps too, or it was completed
                if folder.stat().st_mtime < before:
                    self.end(folder.name)
                    swept += 1
        return swept

    def _choose(self, upload_id: str, parts: Sequence[tuple[int, str]]) -> list[Path]:
        here = {(number, tag): path for path, number, tag in self._parts(upload_id)}
        sent = {number for number, _ in here}
        asked = dict(parts)
        if not asked:
            raise UploadIncomplete('no parts were named; send {"parts": [{"partNumber": 1, "etag": …}, …]}')
        if len(asked) != len(set(parts)):
            raise UploadIncomplete("a part was named twice with different tags; name each once")
        missing = sorted(set(range(1, max(asked) + 1)) - set(asked))
        left_out = sorted(sent - set(asked))
        if missing or left_out:
            why = "is not named" if missing else "was sent and is not named"
            raise UploadIncomplete(
                f"part {(missing or left_out)[0]} {why}; name every part from 1 to {max(sent | set(asked))}"
            )
        paths: list[Path] = []
        for number, tag in sorted(asked.items()):
            path = here.get((number, tag.removeprefix("W/").strip('"')))
            if path is None:
                why = "is not the one that came last" if number in sent else "never came whole"
                raise UploadIncomplete(f"part {number} with the tag {tag[:60]} {why}; send it again")
            paths.append(path)
        return paths

    def _parts(self, upload_id: str) -> list[tuple[Path, int, str]]:
        found: list[tuple[Path, int, str]] = []
        with os.scandir(self._folder / upload_id) as entries:
            for entry in entries:
                told = _PART.fullmatch(entry.name)
                if told is not None:
                    found.append((Path(entry.path), int(told["number"]), told["tag"]))
        return found


def check_number(number: int) -> None:
    """Return if a part can have this number.

    Raises:
        UploadIncomplete: it cannot.
    """
    if not 1 <= number <= MAX_PARTS:
        raise UploadIncomplete(f"a part's number is {number}; it must be 1 to {MAX_PARTS}")
