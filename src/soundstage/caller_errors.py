"""The branch of the error tree for callers who may not: keys, strangers. Its root is in `errors.py`.

SoundstageError
  KeyRefused                a key is asked for, and this one opens nothing
  AdminOnly                 the key may not do this
  CallerForeign             a web page or a host that this server does not know
  KeyUnknown                no key has this id
  CallsTooMany              the caller asks more often than it may
"""

from __future__ import annotations

from soundstage.errors import SoundstageError


class KeyRefused(SoundstageError):
    """A key is asked for: none was sent, it does not read, or it opens nothing. Says which, never why."""

    kind = "key_refused"


class AdminOnly(SoundstageError):
    """The key is good and may not do this: the message names what needs an admin's."""

    kind = "admin_only"


class CallerForeign(SoundstageError):
    """A server that asks for no key answers its own machine only: the message names the setting."""

    kind = "caller_foreign"


class KeyUnknown(SoundstageError):
    """No key has this id."""

    kind = "key_unknown"


class CallsTooMany(SoundstageError):
    """The caller asks more often than it may; the message says when to come again."""

    kind = "rate_limited"
    retryable = True

    def __init__(self, message: str, *, retry_after_s: int) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(message)
