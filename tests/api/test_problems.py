"""The table of problems: complete, and free of statuses that clients misread."""

import importlib
import pkgutil

from soundstage.api.problems import kinds, problem_table, reply_with
from soundstage.errors import SoundstageError

RETRIED = {408, 409, 425, 429, 502, 503, 504}  #: by fal_client or @fal-ai/client


def test_every_kind_of_error_has_a_row():
    """A kind of ours without a row is found here, and a row without a kind as well."""
    trees = ("soundstage.caller_errors", "soundstage.errors", "soundstage.file_errors")
    ours = {kind for kind, cls in kinds().items() if cls.__module__ in trees}
    assert ours == set(problem_table())
    assert SoundstageError.kind in problem_table()


def test_no_row_is_a_conflict():
    """409 would be repeated ten times by the Python client."""
    assert all(row.status != 409 for row in problem_table().values())


def test_final_errors_are_told_once():
    """Only what keeps an order out or withdrew it has a status which clients repeat: its own error is final.

    The start limit's 504 is the exception: a header of its answer keeps every client from repeating it.
    """
    repeated = {kind for kind, row in problem_table().items() if row.status in RETRIED}
    assert repeated == {
        "database_unavailable", "queue_full", "rate_limited", "server_stopping", "start_timeout",
    }  # fmt: skip
    assert reply_with("start_timeout", "why").headers["x-fal-request-timeout-type"] == "user"


def test_rows_read_as_the_wire_has_them():
    """Model errors are a list, request errors flat with a type in a header, queue errors have fal's word."""
    model = reply_with("engine_broke", "why")
    assert model.body == (
        b'{"detail":[{"loc":["body"],"msg":"why","type":"internal_server_error",'
        b'"url":"https://docs.fal.ai/errors/#internal_server_error"}]}'
    )
    request = reply_with("stage_died", "why")
    assert request.body == b'{"detail":"why","error_type":"runner_server_error"}'
    assert request.headers["x-fal-error-type"] == "runner_server_error"
    assert request.headers["x-fal-needs-retry"] == request.headers["x-fal-retryable"] == "true"
    assert reply_with("not_found", "why").body == b'{"status":"NOT_FOUND","detail":"why"}'


def test_messages_with_odd_characters_can_be_sent():
    """Half a surrogate pair in a stored message breaks no answer."""
    assert reply_with("engine_broke", "bad \ud800 text").status_code == 500


def test_every_module_of_the_door_imports_by_itself():
    """No module needs another to have been imported before it, and the shop window shows what it says."""
    package = importlib.import_module("soundstage.api")
    names = [m.name for m in pkgutil.walk_packages(package.__path__, "soundstage.api.")]
    assert len(names) > 15
    for name in names:
        importlib.import_module(name)
    assert package.__all__ == sorted(package.__all__)
    assert all(getattr(package, name) for name in package.__all__)
