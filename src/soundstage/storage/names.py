"""Names of files in a store: unguessable, plain in a URL, and never a way out of the store."""

from __future__ import annotations

import re
import secrets
from pathlib import PurePosixPath

from soundstage.errors import FileUnknown

SECRET_BYTES = 16  #: 128 bits: whoever has no link finds no file by trying

_MAX_CHARACTERS = 255
# A leading dot is ours alone: files being written and notes about files. It also rules out "." and "..".
_SEGMENT = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")

_CONTENT_TYPES = {
    ".jpg": "image/jpeg",
    ".json": "application/json",
    ".mp4": "video/mp4",
    ".srt": "application/x-subrip",
    ".txt": "text/plain",
    ".vtt": "text/vtt",
}


def new_name(file_name: str) -> str:
    """Return a name nobody can guess that ends in `file_name`: "<32 hex digits>/output.mp4"."""
    return check_name(f"{secrets.token_hex(SECRET_BYTES)}/{file_name}")


def check_name(name: str) -> str:
    """Return `name` if a store can have a file of this name.

    Raises:
        FileUnknown: it cannot: it is empty, too long, climbs, starts at the root, or holds odd characters.
    """
    if len(name) > _MAX_CHARACTERS or not all(_SEGMENT.fullmatch(part) for part in name.split("/")):
        raise FileUnknown(f"no file is called {name[:_MAX_CHARACTERS]!r}")
    return name


def content_type_of(name: str) -> str:
    """Return the content type that a name's suffix stands for."""
    return _CONTENT_TYPES.get(PurePosixPath(name).suffix.lower(), "application/octet-stream")
