"""TLS material: what is made, what is kept, what is renewed, and what strict clients say of it."""

import shutil
import socket
import ssl
import stat
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import certifi
import pytest
from cryptography import x509
from cryptography.x509.oid import ExtensionOID

from soundstage.api.tls import ensure_tls
from soundstage.errors import SettingsInvalid

NOW = datetime.now(UTC)


def certificate(path):
    """The certificate in a file."""
    return x509.load_pem_x509_certificate(path.read_bytes())


def ensure(folder, now=NOW, **environ):
    """Make TLS material with some variables set."""
    return ensure_tls(folder, environ=environ, now=now)


def test_everything_is_made_and_kept(tmp_path):
    """The first call makes it all, the second changes no byte."""
    files = ensure(tmp_path / "tls")
    before = {path.name: path.read_bytes() for path in (tmp_path / "tls").iterdir()}
    assert ensure(tmp_path / "tls") == files
    assert {path.name: path.read_bytes() for path in (tmp_path / "tls").iterdir()} == before
    assert set(before) == {"ca.pem", "ca.key", "leaf.pem", "leaf.key", "bundle.pem", "tls.lock"}


def test_keys_are_the_owners_alone(tmp_path):
    """Keys are 0600 in a folder of 0700 that we made; folders that were there keep their mode."""
    tmp_path.chmod(0o755)
    ensure(tmp_path / "tls")
    modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in [tmp_path, *(tmp_path / "tls").iterdir()]}
    assert stat.S_IMODE((tmp_path / "tls").stat().st_mode) == 0o700
    assert (modes["ca.key"], modes["leaf.key"], modes[tmp_path.name]) == (0o600, 0o600, 0o755)


def test_the_ca_can_vouch_for_this_machine_alone(tmp_path):
    """The CA is constrained, critically, to localhost and the loopback addresses, and lives ten years."""
    ca = certificate(ensure(tmp_path / "tls").ca)
    constraint = ca.extensions.get_extension_for_oid(ExtensionOID.NAME_CONSTRAINTS)
    assert constraint.critical
    assert {str(name.value) for name in constraint.value.permitted_subtrees} == {
        "localhost",
        "127.0.0.1/32",
        "::1/128",
    }
    assert ca.extensions.get_extension_for_class(x509.BasicConstraints).critical
    assert timedelta(days=3640) < ca.not_valid_after_utc - NOW < timedelta(days=3653)


def test_the_leaf_is_as_strict_clients_want_it(tmp_path):
    """The leaf names localhost and both addresses, lives at most 397 days, and has key identifiers."""
    leaf = certificate(ensure(tmp_path / "tls").leaf)
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]
    assert {str(a) for a in names.get_values_for_type(x509.IPAddress)} == {"127.0.0.1", "::1"}
    assert leaf.not_valid_after_utc - leaf.not_valid_before_utc <= timedelta(days=397)
    for kind in (
        x509.SubjectKeyIdentifier,
        x509.AuthorityKeyIdentifier,
        x509.KeyUsage,
        x509.ExtendedKeyUsage,
    ):
        leaf.extensions.get_extension_for_class(kind)


@pytest.mark.parametrize(
    ("days", "renewed"), [(0, False), (365, False), (367, True), (500, True), (-1, True)]
)
def test_the_leaf_is_renewed_a_month_before_its_end(tmp_path, days, renewed):
    """With 30 days or less left there is a new leaf, of the same CA."""
    files = ensure(tmp_path / "tls")
    ca, leaf = files.ca.read_bytes(), files.leaf.read_bytes()
    ensure(tmp_path / "tls", NOW + timedelta(days=days))
    assert (files.leaf.read_bytes() != leaf) is renewed
    assert (files.ca.read_bytes() == ca) is (days >= 0)


@pytest.mark.parametrize("harm", ["gone", "other key", "garbage", "old"])
def test_a_harmed_ca_is_made_anew_with_leaf_and_bundle(tmp_path, harm):
    """A CA without its key can sign nothing: it, the leaf and the bundle are made anew, together."""
    files = ensure(tmp_path / "tls")
    old = {p.name: p.read_bytes() for p in (files.ca, files.leaf, files.bundle)}
    key, later = tmp_path / "tls" / "ca.key", NOW
    if harm == "gone":
        key.unlink()
    elif harm == "other key":
        key.write_bytes(files.key.read_bytes())
    elif harm == "garbage":
        files.ca.write_text("-----BEGIN CERTIFICATE-----\nnot one")
    else:
        later = NOW + timedelta(days=3300)
    ensure(tmp_path / "tls", later)
    assert all(p.read_bytes() != old[p.name] for p in (files.ca, files.leaf, files.bundle))
    certificate(files.leaf).verify_directly_issued_by(certificate(files.ca))
    assert files.ca.read_bytes().strip() in files.bundle.read_bytes()


def test_a_leaf_key_that_is_lost_is_no_end(tmp_path):
    """Half a pair is made whole; the CA stays."""
    files = ensure(tmp_path / "tls")
    ca = files.ca.read_bytes()
    files.key.unlink()
    ensure(tmp_path / "tls")
    ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(files.leaf, files.key)
    assert files.ca.read_bytes() == ca


def test_the_bundle_is_certifi_and_ours(tmp_path):
    """Who trusts the bundle trusts what they trusted before, and us."""
    files = ensure(tmp_path / "tls")
    context = ssl.create_default_context(cafile=str(files.bundle))
    public = ssl.create_default_context(cafile=certifi.where())
    assert context.cert_store_stats()["x509_ca"] == public.cert_store_stats()["x509_ca"] + 1


def test_the_users_own_roots_are_kept(tmp_path):
    """A user's SSL_CERT_FILE is the base of a bundle of its own, and what it names may change."""
    corporate = tmp_path / "corporate.pem"
    corporate.write_bytes(ensure(tmp_path / "corporation").ca.read_bytes())
    plain = ensure(tmp_path / "tls")
    before = plain.bundle.read_bytes()
    files = ensure(tmp_path / "tls", SSL_CERT_FILE=str(corporate))
    assert files.bundle != plain.bundle
    assert plain.bundle.read_bytes() == before
    assert corporate.read_bytes().strip() in files.bundle.read_bytes()
    assert files.bundle.read_bytes().count(b"BEGIN CERTIFICATE") == 2

    corporate.write_bytes(corporate.read_bytes() * 2)
    ensure(tmp_path / "tls", SSL_CERT_FILE=str(corporate))
    assert files.bundle.read_bytes().count(b"BEGIN CERTIFICATE") == 3


def test_bundles_do_not_nest(tmp_path):
    """A shell that has our exports already gets the same bundle again, and another home's is not built on."""
    corporate = tmp_path / "corporate.pem"
    corporate.write_bytes(ensure(tmp_path / "corporation").ca.read_bytes())
    first = ensure(tmp_path / "tls", SSL_CERT_FILE=str(corporate)).bundle
    content = first.read_bytes()
    again = ensure(tmp_path / "tls", SSL_CERT_FILE=str(first)).bundle
    assert (again, again.read_bytes()) == (first, content)
    other = ensure(tmp_path / "other", SSL_CERT_FILE=str(first)).bundle
    assert other.read_bytes().count(b"BEGIN CERTIFICATE") == 2


def test_roots_that_are_not_there_are_passed_over(tmp_path, caplog):
    """A stale SSL_CERT_FILE keeps nobody from starting; the log says what was done instead."""
    files = ensure(tmp_path / "tls", SSL_CERT_FILE=str(tmp_path / "gone.pem"))
    assert files.bundle.name == "bundle.pem"
    assert "gone.pem" in caplog.records[-1].why


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    """The error names the folder and the way out."""
    (tmp_path / "file").touch()
    with pytest.raises(SettingsInvalid, match="--home"):
        ensure(tmp_path / "file" / "tls")


def test_many_at_once_make_one_ca(tmp_path):
    """Processes that start together agree on one CA."""
    code = (
        "import sys, datetime, pathlib; from soundstage.api.tls import ensure_tls;"
        "f = ensure_tls(pathlib.Path(sys.argv[1]), environ={}, now=datetime.datetime.now(datetime.UTC));"
        "print(f.ca.read_text() + f.leaf.read_text())"
    )
    argv = [sys.executable, "-c", code, str(tmp_path / "home" / "tls")]
    started = [subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert len({process.communicate(timeout=60)[0] for process in started}) == 1
    assert all(process.returncode == 0 for process in started)


CLIENT = """
import socket, ssl, sys
for name in ("localhost", "127.0.0.1"):
    context = ssl.create_default_context(cafile=sys.argv[1])
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    with socket.create_connection(("127.0.0.1", int(sys.argv[2]))) as plain:
        with context.wrap_socket(plain, server_hostname=name) as secured:
            assert secured.getpeercert()["subjectAltName"], name
print("trusted", sys.version_info[:2])
"""


def find_strict_python():
    """A Python whose ssl is strict by itself, 3.13 or newer; None where the machine has none."""
    if sys.version_info >= (3, 13):
        return sys.executable
    on_path = shutil.which("python3.13")
    built = sorted(Path.home().glob(".pyenv/versions/3.13*/bin/python"))
    return str(built[-1]) if built else on_path


@pytest.mark.parametrize("version", ["this", "3.13"])
def test_strict_clients_trust_the_leaf(tmp_path, version):
    """Verification to the letter of RFC 5280 succeeds for the name and for the address."""
    python = sys.executable if version == "this" else find_strict_python()
    if python is None:
        pytest.skip("no Python 3.13 on this machine")
    files = ensure(tmp_path / "tls")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(files.leaf, files.key)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer():
            for _ in range(2):
                connection, _ = listener.accept()
                with context.wrap_socket(connection, server_side=True) as secured:
                    secured.recv(1)

        serving = threading.Thread(target=answer)
        serving.start()
        argv = [python, "-c", CLIENT, str(files.bundle), str(listener.getsockname()[1])]
        told = subprocess.run(argv, capture_output=True, text=True, timeout=60, check=False)
        serving.join(10)
    assert told.stdout.startswith("trusted"), told.stderr
