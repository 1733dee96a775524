"""The printed exports: complete, quoted, and kind to what the user has set."""

import subprocess
from pathlib import Path

import pytest

from soundstage.api.env import client_exports, to_sh, tunnel_exports
from soundstage.api.server import Ports
from soundstage.api.tls import TlsFiles

FOLDER = Path("/home/it's me/tls")
TLS = TlsFiles(ca=FOLDER / "ca.pem", leaf=FOLDER / "l", key=FOLDER / "k", bundle=FOLDER / "bundle $x.pem")


def exports(**environ):
    """The exports of a server on 8000 and 8443."""
    return client_exports(Ports(http=8000, https=8443), TLS, environ)


def test_exports_are_the_five_variables():
    """An empty environment gets recipe P2: two hosts with prefixes, a key, the bundle, no proxy for us."""
    assert exports() == {
        "FAL_KEY": "soundstage:local",
        "FAL_RUN_HOST": "localhost:8443/run",
        "FAL_QUEUE_RUN_HOST": "localhost:8443/queue",
        "SSL_CERT_FILE": str(TLS.bundle),
        "NO_PROXY": "localhost,127.0.0.1",
    }


def test_a_users_key_is_kept():
    """Who has a key goes on using it."""
    assert exports(FAL_KEY="id:secret")["FAL_KEY"] == "id:secret"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("corp.example", "corp.example,localhost,127.0.0.1"),
        ("localhost", "localhost,127.0.0.1"),
        (" a , 127.0.0.1,localhost", "a,127.0.0.1,localhost"),
        ("*", "*"),
        ("", "localhost,127.0.0.1"),
    ],
)
def test_no_proxy_is_added_to(before, after):
    """What goes past the proxy already still does."""
    assert exports(NO_PROXY=before)["NO_PROXY"] == after
    assert "no_proxy" not in exports(NO_PROXY=before)


def test_the_lower_case_name_is_set_where_it_is_used():
    """Python reads no_proxy before NO_PROXY: where it is set, it has to have our names as well."""
    told = exports(no_proxy="corp.example")
    assert told["no_proxy"] == told["NO_PROXY"] == "corp.example,localhost,127.0.0.1"


def test_sh_reads_what_was_meant():
    """Spaces, quotes and dollar signs in a path survive `eval`, and running it twice changes nothing."""
    code = f'{to_sh(exports())}{to_sh(exports())}printf "%s|" "$SSL_CERT_FILE" "$FAL_KEY" "$NO_PROXY"'
    told = subprocess.run(["/bin/sh", "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout == f"{TLS.bundle}|soundstage:local|localhost,127.0.0.1|"
    assert all(line.startswith("export ") for line in to_sh(exports()).splitlines())


def test_no_key_is_made_up_where_one_is_asked_for():
    """A server that asks for keys cannot say which: the user's own is kept, the made-up one is not told."""
    ports = Ports(http=8000, https=8443)
    assert "FAL_KEY" not in client_exports(ports, TLS, {}, asks_for_keys=True)
    assert "FAL_KEY" not in client_exports(ports, TLS, {"FAL_KEY": "soundstage:local"}, asks_for_keys=True)
    assert client_exports(ports, TLS, {"FAL_KEY": "a:b"}, asks_for_keys=True)["FAL_KEY"] == "a:b"


def through_tunnel(**environ):
    """The exports of a tunnel on 8080."""
    return tunnel_exports(8080, TLS, environ)


def test_tunnel_exports_leave_fals_hosts_alone():
    """Recipe P4: the proxy, the bundle, this machine past the proxy, and nothing left of the other recipe."""
    assert through_tunnel() == {
        "FAL_KEY": "soundstage:local",
        "HTTPS_PROXY": "http://127.0.0.1:8080",
        "FAL_RUN_HOST": None,
        "FAL_QUEUE_RUN_HOST": None,
        "SSL_CERT_FILE": str(TLS.bundle),
        "NO_PROXY": "localhost,127.0.0.1",
    }
    assert "FAL_KEY" not in tunnel_exports(8080, TLS, {}, asks_for_keys=True)


@pytest.mark.parametrize("listed", ["*", "fal.run", ".Fal.ai", "rest.fal.ai, .fal.media"])
def test_what_would_lead_past_the_tunnel_is_dropped(listed):
    """A list that lets fal's names go past every proxy would send calls, and the key, to the real fal."""
    assert through_tunnel(NO_PROXY=listed)["NO_PROXY"] == "localhost,127.0.0.1"
    kept = through_tunnel(NO_PROXY=f"{listed},corp.example")["NO_PROXY"]
    assert kept == "corp.example,localhost,127.0.0.1"
    assert through_tunnel(no_proxy=listed)["no_proxy"] == "localhost,127.0.0.1"


def test_the_tunnel_sets_lower_case_names_where_they_are_used():
    """Python reads the lower-case names first: where they are set, they have to lead here as well."""
    told = through_tunnel(https_proxy="http://corp.example:3128", no_proxy="corp.example")
    assert told["https_proxy"] == told["HTTPS_PROXY"] == "http://127.0.0.1:8080"
    assert told["no_proxy"] == told["NO_PROXY"] == "corp.example,localhost,127.0.0.1"


def test_sh_unsets_what_is_not_to_hold():
    """After `eval` of the tunnel's exports the other recipe's variables are gone."""
    code = f'FAL_RUN_HOST=x; {to_sh(through_tunnel())}printf "%s|%s" "${{FAL_RUN_HOST-gone}}" "$HTTPS_PROXY"'
    told = subprocess.run(["/bin/sh", "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout == "gone|http://127.0.0.1:8080"
