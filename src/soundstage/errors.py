"""The whole error tree, on one page. Knows no HTTP: `api/problems.py` turns a kind into a status.

SoundstageError
  SettingsInvalid           a setting or flag is wrong
  OrderRefused              the request breaks the contract; carries every problem found
  OrderUnknown              no such order
  EndpointUnknown           no such endpoint
  OrderFinished             too late: the order has ended
  OrderRunning              too early: the order has not ended
  OrderForgotten            its input and output were deleted, or kept long enough
  RequestInvalid            a header of the request does not read
  QueueFull                 more orders wait than the caller will stand behind
  StartTimeout              nobody began the order in the time its caller gave
  ServerStopping            the server stops while somebody waits for a film
  CallerGone                the caller hung up
  Cancelled                 the caller withdrew the order
  ScreenplayInvalid         an edited screenplay does not read
  EngineError
    EngineUnknown           no engine of that name is installed
    EngineUnavailable       it is installed and cannot run here
    EngineBroke             it ran and broke its contract
  SoundError
    VoiceUnavailable        no voice can speak on this machine
    VoiceBroke              the voice process failed on a line
  StitchError
    EncoderBroke            the encoder refused frames or samples
  StorageError
    StorageFull             the disk or bucket is full
    FileUnknown             no such file
    RangeUnsatisfiable      the byte range lies outside the file
  DatabaseError
    DatabaseUnavailable     PostgreSQL does not answer
    DatabaseUnfit           PostgreSQL cannot run here
    HomeBusy                another process owns this data folder
  StageError
    StageDied               the process that made the film ended
    StageSilent             the process that made the film stopped answering
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar


class SoundstageError(Exception):
    """Something went wrong that has a name here."""

    kind: ClassVar[str] = "internal_server_error"
    retryable: ClassVar[bool] = False


class SettingsInvalid(SoundstageError):
    """A setting or flag is wrong: the message names it, its value and what is allowed."""

    kind = "settings_invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing wrong with a request, in the words of fal's error list."""

    loc: tuple[str | int, ...]  #: where, as ("body", "multi_prompt", 0, "duration")
    msg: str  #: names the field, the value, the rule and the nearest legal value
    type: str  #: fal's or pydantic's type, as "less_than_equal"
    ctx: dict[str, Any] = field(default_factory=dict)  #: the rule's numbers, as {"le": 1}
    input: Any = None  #: what was sent


class OrderRefused(SoundstageError):
    """The request breaks the contract; `problems` has every reason."""

    kind = "order_refused"

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        assert problems, "a refusal needs a reason"
        self.problems = problems
        super().__init__("; ".join(f"{'.'.join(map(str, p.loc[1:])) or 'body'}: {p.msg}" for p in problems))


class OrderUnknown(SoundstageError):
    """No order has this id."""

    kind = "not_found"


class EndpointUnknown(SoundstageError):
    """No endpoint has this name."""

    kind = "endpoint_unknown"


class OrderFinished(SoundstageError):
    """The order has ended already."""

    kind = "already_completed"


class OrderRunning(SoundstageError):
    """The order has not ended yet."""

    kind = "in_progress"


class OrderForgotten(SoundstageError):
    """The order's input and output are gone: deleted, or kept as long as was promised."""

    kind = "forgotten"


class RequestInvalid(SoundstageError):
    """A header of the request does not read: the message names it, its value and the rule."""

    kind = "bad_request"


class QueueFull(SoundstageError):
    """More orders wait than the caller said they would stand behind; nothing was written."""

    kind = "queue_full"
    retryable = True


class StartTimeout(SoundstageError):
    """Nobody began the order within the time its caller gave."""

    kind = "start_timeout"
    retryable = True


class ServerStopping(SoundstageError):
    """The server stops while somebody waits for a film; the message tells what becomes of the order."""

    kind = "server_stopping"
    retryable = True


class CallerGone(SoundstageError):
    """The caller hung up before the answer."""

    kind = "client_disconnected"


class Cancelled(SoundstageError):
    """The caller withdrew the order."""

    kind = "client_cancelled"


class ScreenplayInvalid(SoundstageError):
    """A screenplay does not read: the message names the field and the value."""

    kind = "screenplay_invalid"


class EngineError(SoundstageError):
    """An engine could not do its part."""

    kind = "engine_error"


class EngineUnknown(EngineError):
    """No engine of that name is installed."""

    kind = "engine_unknown"


class EngineUnavailable(EngineError):
    """The engine is installed and cannot run here; the message says why."""

    kind = "engine_unavailable"


class EngineBroke(EngineError):
    """The engine ran and broke its contract."""

    kind = "engine_broke"


class SoundError(SoundstageError):
    """The soundtrack could not be made."""

    kind = "sound_error"


class VoiceUnavailable(SoundError):
    """No voice can speak on this machine; the message says why."""

    kind = "voice_unavailable"


class VoiceBroke(SoundError):
    """The voice process failed on a line."""

    kind = "voice_broke"
    retryable = True


class SoundModelBroke(SoundError):
    """A model that was asked for a sound failed, or made none."""

    kind = "sound_model_broke"
    retryable = True


class StitchError(SoundstageError):
    """Picture and sound could not be joined."""

    kind = "stitch_error"


class EncoderBroke(StitchError):
    """The encoder refused what it was given."""

    kind = "encoder_broke"


class StorageError(SoundstageError):
    """A file could not be kept or read."""

    kind = "storage_error"
    retryable = True


class StorageFull(StorageError):
    """The disk or bucket is full."""

    kind = "storage_full"
    retryable = False


class FileUnknown(StorageError):
    """No file has this name."""

    kind = "file_unknown"
    retryable = False


class RangeUnsatisfiable(StorageError):
    """The byte range lies outside the file."""

    kind = "range_unsatisfiable"
    retryable = False


class DatabaseError(SoundstageError):
    """The order book could not be read or written."""

    kind = "database_error"
    retryable = True


class DatabaseUnavailable(DatabaseError):
    """PostgreSQL does not answer."""

    kind = "database_unavailable"


class DatabaseUnfit(DatabaseError):
    """PostgreSQL cannot run here; the message says why and names `--database`."""

    kind = "database_unfit"
    retryable = False


class HomeBusy(DatabaseError):
    """Another process owns this data folder."""

    kind = "home_busy"
    retryable = False


class StageError(SoundstageError):
    """The process that makes films failed."""

    kind = "stage_error"
    retryable = True


class StageDied(StageError):
    """The process that made the film ended before the film did."""

    kind = "stage_died"


class StageSilent(StageError):
    """The process that made the film stopped answering."""

    kind = "stage_silent"
