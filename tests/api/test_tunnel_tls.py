"""What vouches for fal's own names: apart from the usual certificates, and for nothing beside those names."""

import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtensionOID

from soundstage.api.certificates import LOCAL, Names, make_leaf, read_pair
from soundstage.api.hosts import FAL_DOMAINS, FAL_HOSTS
from soundstage.api.tls import ensure_tls

NOW = datetime.now(UTC)


def ensure(folder, *, now=NOW, for_tunnel=True, **environ):
    """Make TLS material for the tunnel too."""
    return ensure_tls(folder, environ=environ, now=now, for_tunnel=for_tunnel)


def test_it_is_made_only_where_a_tunnel_is_wanted(tmp_path):
    """Without a tunnel there is no CA that could vouch for fal; with one, the usual material stays."""
    usual = ensure(tmp_path / "tls", for_tunnel=False)
    assert usual.tunnel is None
    assert not list((tmp_path / "tls").glob("tunnel*"))
    before = {path.name: path.read_bytes() for path in (tmp_path / "tls").iterdir()}
    both = ensure(tmp_path / "tls")
    assert all((tmp_path / "tls" / name).read_bytes() == content for name, content in before.items())
    assert (both.ca, both.leaf, both.bundle) == (usual.ca, usual.leaf, usual.bundle)
    assert both.tunnel.bundle != usual.bundle
    assert ensure(tmp_path / "tls") == both
    for path in (both.ca, both.tunnel.ca):
        assert path.read_bytes() in both.tunnel.bundle.read_bytes()
    assert both.tunnel.ca.read_bytes() not in usual.bundle.read_bytes()


def test_its_ca_is_bound_to_fals_domains(tmp_path):
    """The CA may vouch for fal's domains, critically for no others, and for no address at all."""
    ca = x509.load_pem_x509_certificate(ensure(tmp_path / "tls").tunnel.ca.read_bytes())
    constraint = ca.extensions.get_extension_for_oid(ExtensionOID.NAME_CONSTRAINTS)
    assert constraint.critical
    assert {name.value for name in constraint.value.permitted_subtrees} == set(FAL_DOMAINS)
    assert {str(name.value) for name in constraint.value.excluded_subtrees} == {"0.0.0.0/0", "::/0"}


def _shake_hands(files, context, name):
    """Return what a client of `context` says of a server with the leaf in `files`."""
    presented = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    presented.load_cert_chain(files.leaf, files.key)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer():
            connection, _ = listener.accept()
            try:
                with presented.wrap_socket(connection, server_side=True) as secured:
                    secured.recv(1)
            except OSError:
                connection.close()  # the client refused us, as it should

        serving = threading.Thread(target=answer)
        serving.start()
        try:
            with (
                socket.create_connection(listener.getsockname()) as plain,
                context.wrap_socket(plain, server_hostname=name) as secured,
            ):
                return secured.getpeercert()["subjectAltName"]
        finally:
            serving.join(10)


def _trusting(bundle):
    context = ssl.create_default_context(cafile=str(bundle))
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    return context


@pytest.mark.parametrize("name", ["fal.run", "queue.fal.run", "rest.alpha.fal.ai", "v3b.fal.media"])
def test_strict_clients_trust_its_leaf(tmp_path, name):
    """Verification to the letter of RFC 5280 succeeds for fal's names."""
    files = ensure(tmp_path / "tls").tunnel
    assert ("DNS", name) in _shake_hands(files, _trusting(files.bundle), name)


@pytest.mark.parametrize("host", ["bank.example", "fal.run.bank.example", "10.0.0.1"])
def test_a_stolen_key_vouches_for_nothing_else(tmp_path, host):
    """Whatever is signed with the tunnel's CA for another name or address, its own trusters refuse."""
    files = ensure(tmp_path / "tls").tunnel
    ca = read_pair(files.ca.read_bytes(), files.ca.with_suffix(".key").read_bytes())
    if host[0].isdigit():
        forged = Names(ca="", domains=(), hosts=("fal.run",), addresses=(host,))
    else:
        forged = Names(ca="", domains=(), hosts=(host,), addresses=())
    pair = make_leaf(ca, NOW, forged)
    files.leaf.write_bytes(pair.certificate_pem)
    files.key.write_bytes(pair.key_pem)
    with pytest.raises(ssl.SSLCertVerificationError, match=r"permitted subtree|excluded subtree"):
        _shake_hands(files, _trusting(files.bundle), host)


def test_a_leaf_for_other_names_is_made_anew(tmp_path):
    """A leaf that an older version made, without names that clients have now, is replaced."""
    files = ensure(tmp_path / "tls").tunnel
    ca = read_pair(files.ca.read_bytes(), files.ca.with_suffix(".key").read_bytes())
    older = make_leaf(ca, NOW, LOCAL)
    files.leaf.write_bytes(older.certificate_pem)
    files.key.write_bytes(older.key_pem)
    again = ensure(tmp_path / "tls").tunnel
    leaf = x509.load_pem_x509_certificate(again.leaf.read_bytes())
    told = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert set(told.get_values_for_type(x509.DNSName)) == FAL_HOSTS
    assert x509.load_pem_x509_certificate(again.ca.read_bytes()) == ca.certificate


def test_it_is_renewed_like_the_usual_one(tmp_path):
    """A leaf with less than 30 days left is made anew; the CA that clients trust stays."""
    before = ensure(tmp_path / "tls").tunnel
    ca, leaf = before.ca.read_bytes(), before.leaf.read_bytes()
    after = ensure(tmp_path / "tls", now=NOW + timedelta(days=370)).tunnel
    assert after.ca.read_bytes() == ca
    assert after.leaf.read_bytes() != leaf


def test_a_shell_with_its_bundle_gets_the_usual_one_back(tmp_path):
    """Bundles do not nest: from a shell of the tunnel's, the other recipe trusts no CA for fal's names."""
    corporate = tmp_path / "corporate.pem"
    corporate.write_bytes(ensure(tmp_path / "other").ca.read_bytes())
    tunnel = ensure(tmp_path / "tls", SSL_CERT_FILE=str(corporate)).tunnel
    usual = ensure(tmp_path / "tls", for_tunnel=False, SSL_CERT_FILE=str(tunnel.bundle))
    assert tunnel.ca.read_bytes() not in usual.bundle.read_bytes()
    assert corporate.read_bytes() in usual.bundle.read_bytes()
