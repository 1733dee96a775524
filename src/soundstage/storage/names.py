"""Names of files in a store: unguessable, plain in a URL, and never a way out of the store."""

from __future__ import annotations

import re
import secrets
import tomllib
import unicodedata
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from soundstage.errors import FileUnknown

if TYPE_CHECKING:
    from collections.abc import Mapping

SECRET_BYTES = 16  #: 128 bits: whoever has no link finds no file by trying
UNTOLD_TYPE = "application/octet-stream"

_MAX_CHARACTERS = 255
_MAX_STEM, _MAX_SUFFIX = 80, 16
# A leading dot is ours alone: files being written and notes about files. It also rules out "." and "..".
_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
_STRANGE = re.compile(r"[^A-Za-z0-9._-]+")


def new_name(file_name: str) -> str:
    """Return a name nobody can guess that ends in `file_name`: "<32 hex digits>/output.mp4"."""
    return check_name(f"{secrets.token_hex(SECRET_BYTES)}/{file_name}")


def check_name(name: str) -> str:
    """Return `name` if a store can have a file of this name.

    Raises:
        FileUnknown: it cannot: it is empty, too long, climbs, starts at the root, or holds odd characters.
    """
    if len(name) > _MAX_CHARACTERS or _NAME.fullmatch(name) is None:
        raise FileUnknown(f"no file is called {name[:_MAX_CHARACTERS]!r}")
    return name


def shown_name_of(told: str) -> str:
    """Return what people should see of the name a file came with: its last part, without odd characters."""
    last = told.replace("\\", "/").rstrip("/").rpartition("/")[2]
    seen = "".join(
        c for c in last if unicodedata.category(c)[0] != "C"
    ).strip()  # no controls, no direction marks
    return seen[:_MAX_CHARACTERS]


def plain_name_of(shown_name: str) -> str:
    """Return a file name that a URL and any disk can bear, as close to `shown_name` as that goes."""
    latin = unicodedata.normalize("NFKD", shown_name).encode("ascii", "ignore").decode("ascii")
    stem, dot, suffix = latin.rpartition(".")
    if not dot or len(suffix) > _MAX_SUFFIX:
        stem, suffix = latin, ""
    stem = _STRANGE.sub("_", stem).strip("._-")[:_MAX_STEM] or "file"
    suffix = _STRANGE.sub("", suffix).strip(".")
    return f"{stem}.{suffix}" if suffix else stem


def content_type_of(name: str) -> str:
    """Return the content type that a name's suffix stands for."""
    stem, _, suffix = name.rpartition("/")[2].rpartition(".")
    return _content_types().get(suffix.lower(), UNTOLD_TYPE) if stem else UNTOLD_TYPE


def suffix_of(content_type: str | None) -> str:
    """Return the usual suffix of a content type, with its dot; "" where there is none."""
    wanted = (content_type or UNTOLD_TYPE).partition(";")[0].strip().lower()
    found = [suffix for suffix, told in _content_types().items() if told == wanted]
    return f".{min(found, key=len)}" if found else ""


@cache
def _content_types() -> Mapping[str, str]:
    text = resources.files("soundstage.storage").joinpath("content_types.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
