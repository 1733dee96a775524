"""Notes about files: `.<file>.note` beside a file, JSON, only where there is something to tell.

Old stores have `.<file>.type` instead, which holds a content type and nothing else: it is still read.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from soundstage.errors import StorageError
from soundstage.lifecycle import OPEN_TO_ALL, Acl, AclRule, FileUse

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What is written beside a file."""

    content_type: str | None = None  #: None: what the suffix tells
    use: FileUse = "output"
    shown_name: str | None = None
    expires_at_s: float | None = None  #: seconds since 1970, UTC
    acl: Acl = OPEN_TO_ALL
    owner: str | None = None
    upload_id: str | None = None  #: of the upload in parts it came by: a second "complete" finds it done


NOTHING_TO_TELL = Note()


def note_path(path: Path) -> Path:
    """Return where the note of a file stands."""
    return path.with_name(f".{path.name}.note")


def old_note_path(path: Path) -> Path:
    """Return where older versions wrote the file's content type."""
    return path.with_name(f".{path.name}.type")


def read_note(folder: str, file_name: str) -> Note:
    """Return the note of a file; what has none has nothing to tell.

    Raises:
        StorageError: there is one, and it does not read.
    """
    try:
        with open(f"{folder}/.{file_name}.note", "rb") as told:  # noqa: PTH123 - on the path of every download
            return _decode(told.read())
    except FileNotFoundError:
        pass
    except (ValueError, TypeError, KeyError) as exc:
        # A file whose ACL cannot be read must not be shown to all.
        raise StorageError(f"the note of {file_name!r} in {folder} does not read: {exc}; delete it") from exc
    try:
        with open(f"{folder}/.{file_name}.type", encoding="utf-8") as told:  # noqa: PTH123 - as above
            return Note(content_type=told.read())
    except FileNotFoundError:
        return NOTHING_TO_TELL


def encode_note(note: Note) -> bytes:
    """Return a note as it is written."""
    body: dict[str, Any] = {
        "content_type": note.content_type,
        "use": note.use,
        "shown_name": note.shown_name,
        "expires_at_s": note.expires_at_s,
        "owner": note.owner,
        "upload_id": note.upload_id,
    }
    if note.acl != OPEN_TO_ALL:
        rules = [[rule.user, rule.decision] for rule in note.acl.rules]
        body["acl"] = {"default": note.acl.default, "rules": rules}
    return json.dumps({key: value for key, value in body.items() if value is not None}).encode("utf-8")


def _decode(text: bytes) -> Note:
    body = json.loads(text)
    acl = body.pop("acl", None)
    if acl is None:
        return Note(**body)
    rules = tuple(AclRule(user=user, decision=decision) for user, decision in acl["rules"])
    return Note(**body, acl=Acl(default=acl["default"], rules=rules))
