"""What is to become of a file: how long it stays, who may read it, whose it is. Knows no store, no header."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Decision = Literal["allow", "forbid", "hide"]  #: hide: it seems not to exist
FileUse = Literal["output", "input"]  #: made here, or brought by a caller


@dataclass(frozen=True, slots=True, kw_only=True)
class AclRule:
    """What one caller is told."""

    user: str  #: the id of a key
    decision: Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class Acl:
    """Who may read a file. Its owner and the admins always may."""

    default: Decision = "allow"
    rules: tuple[AclRule, ...] = ()

    def decide(self, user: str) -> Decision:
        """Return what a caller is told: by the last rule that names it, or else by the default."""
        named: list[Decision] = [rule.decision for rule in self.rules if rule.user == user]
        return named[-1] if named else self.default


OPEN_TO_ALL = Acl()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifecycle:
    """What a caller wishes for the files of a request, or for an upload."""

    expires_s: float | None = None  #: counted from when the file is kept; None: it stays
    acl: Acl = OPEN_TO_ALL
    owner: str | None = None  #: the id of the key it came with


KEPT_FOR_ALL = Lifecycle()


@dataclass(frozen=True, slots=True, kw_only=True)
class FileNote:
    """What a store keeps beside a file's bytes and type."""

    use: FileUse = "output"
    shown_name: str | None = None  #: what a browser saves it as, where the URL could not bear it
    lifecycle: Lifecycle = KEPT_FOR_ALL


NO_NOTE = FileNote()
