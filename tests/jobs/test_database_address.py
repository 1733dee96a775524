"""The address of a database may hold a password: nothing that is said of it does."""

import traceback

import pytest

from soundstage.errors import SettingsInvalid
from soundstage.jobs.migrate import migrate
from soundstage.jobs.survey import check_database


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("postgresql://ann:100%hunter2@db/films", "percent-encoded"),
        ("postgresql://ann:hunter2@[::1/films", "end of string"),
        ("postgresql://ann:hunter2@[::1]x/films", "unexpected character"),
        ("postgresql://ann:hun ter2@db/films", "spaces"),
        ('postgresql://ann:hunter2%zz"ter2@db/films', "percent-encoded"),
    ],
)
async def test_an_address_that_does_not_read_is_not_repeated(address, why, tmp_path):
    """The reason is told, and neither the password nor the address, in the message and in a traceback."""
    with pytest.raises(SettingsInvalid, match=why) as at_start:
        await migrate(address)
    with pytest.raises(SettingsInvalid, match=why) as in_doctor:
        check_database(tmp_path, address)
    for told in (at_start.value, in_doctor.value):
        assert "ter2" not in str(told)
        shown = "".join(traceback.format_exception(told, chain=True)).replace(repr(address), "")
        assert "ter2" not in shown
