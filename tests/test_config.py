"""Settings: variables and flags, and what a mistake in them says."""

from pathlib import Path

import pytest

from soundstage.config import Settings
from soundstage.errors import SettingsInvalid


def test_flag_wins_over_variable():
    """A flag that was given stands; one that was not leaves the variable."""
    environ = {"SOUNDSTAGE_PORT": "9000", "SOUNDSTAGE_TLS_PORT": "9443", "PATH": "/bin"}
    settings = Settings.load(environ, port=7000, tls_port=None)
    assert (settings.port, settings.tls_port) == (7000, 9443)


def test_home_is_absolute_and_expanded():
    """`~` and relative paths become absolute, since other processes get them too."""
    assert Settings.load({"SOUNDSTAGE_HOME": "~/films"}).home == Path.home() / "films"
    assert Settings.load({"SOUNDSTAGE_HOME": "films"}).home.is_absolute()


def test_lists_are_read_with_commas():
    """`SOUNDSTAGE_ALLOWED_HOSTS=a, b` names two hosts."""
    assert Settings.load({"SOUNDSTAGE_ALLOWED_HOSTS": "a, b"}).allowed_hosts == ("a", "b")


def test_misspelt_variable_earns_the_right_one():
    """A variable that nobody reads would be a silent mistake."""
    with pytest.raises(SettingsInvalid, match="did you mean SOUNDSTAGE_PORT"):
        Settings.load({"SOUNDSTAGE_PROT": "1"})


@pytest.mark.parametrize(("name", "value"), [("PORT", "many"), ("PORT", "70000"), ("THREADS", "0")])
def test_bad_value_names_setting_and_value(name, value):
    """The message says which setting, by flag and variable, and what it was."""
    with pytest.raises(SettingsInvalid, match=f"SOUNDSTAGE_{name}.*{value}"):
        Settings.load({f"SOUNDSTAGE_{name}": value})
