"""The printed exports: complete, quoted, and kind to what the user has set."""

import subprocess
from pathlib import Path

import pytest

from soundstage.api.env import client_exports, to_sh
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
