"""Makes a local CA and its leaf. Knows no file.

A CA can vouch for the names it was made for and nothing else: whoever steals its key cannot pose as a bank.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from soundstage.api.hosts import FAL_DOMAINS, FAL_HOSTS

CA_LIFE = timedelta(days=3650)
LEAF_LIFE = timedelta(days=396)  #: Apple's verifiers refuse a leaf of more than 398
RENEW_LEAF_BEFORE = timedelta(days=30)
RENEW_CA_BEFORE = LEAF_LIFE + RENEW_LEAF_BEFORE  #: a leaf must not outlive its CA
CLOCK_SLACK = timedelta(hours=1)  #: a client whose clock is behind must not find it too young


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What a CA may vouch for, and its leaf does."""

    ca: str  #: what the CA calls itself
    domains: tuple[str, ...]  #: it may vouch for these and all below them
    hosts: tuple[str, ...]
    addresses: tuple[str, ...]


#: This machine's own names.
LOCAL = Names(
    ca="Soundstage local CA",
    domains=("localhost",),
    hosts=("localhost",),
    addresses=("127.0.0.1", "::1"),
)
#: fal's names, for callers who come through the tunnel. A CA of its own: most never need to trust it.
FAL = Names(ca="Soundstage tunnel CA", domains=FAL_DOMAINS, hosts=tuple(sorted(FAL_HOSTS)), addresses=())
EVERY_ADDRESS = ("0.0.0.0/0", "::/0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A certificate and the key it belongs to."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def certificate_pem(self) -> bytes:
        """The certificate as a file has it."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        """The key as a file has it, unencrypted."""
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )


def read_pair(certificate_pem: bytes, key_pem: bytes) -> Pair:
    """Return the pair that two files hold.

    Raises:
        ValueError: one does not read, or they do not belong together.
    """
    certificate = x509.load_pem_x509_certificate(certificate_pem)
    key = serialization.load_pem_private_key(key_pem, password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
        raise ValueError("the key does not belong to the certificate")
    return Pair(certificate=certificate, key=key)


def make_ca(now: datetime, names: Names = LOCAL) -> Pair:
    """Return a new CA, constrained to these names."""
    key = ec.generate_private_key(ec.SECP256R1())
    serial = x509.random_serial_number()
    # Two homes on one machine must not have CAs of one name: a verifier would try the wrong one.
    name = _name(f"{names.ca} {serial:x}"[:36])
    permitted: list[x509.GeneralName] = [x509.DNSName(n) for n in names.domains]
    permitted += [x509.IPAddress(ipaddress.ip_network(a)) for a in names.addresses]
    # A kind of name that is permitted nowhere would be free: without addresses of its own, none is allowed.
    excluded = [] if names.addresses else [x509.IPAddress(ipaddress.ip_network(a)) for a in EVERY_ADDRESS]
    usage = _usage(key_cert_sign=True, crl_sign=True)
    certificate = (
        _builder(name, name, key.public_key(), serial, now, CA_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(
            x509.NameConstraints(permitted_subtrees=permitted, excluded_subtrees=excluded or None),
            critical=True,
        )
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return Pair(certificate=certificate, key=key)


def make_leaf(ca: Pair, now: datetime, names: Names = LOCAL) -> Pair:
    """Return a new server certificate for these names."""
    key = ec.generate_private_key(ec.SECP256R1())
    serial = x509.random_serial_number()
    issuer = ca.certificate.subject
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(ca.key.public_key())
    certificate = (
        _builder(_name(names.hosts[0]), issuer, key.public_key(), serial, now, LEAF_LIFE)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(digital_signature=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(_spelt(names)), critical=False)
        .add_extension(authority, critical=False)
        .sign(ca.key, hashes.SHA256())
    )
    return Pair(certificate=certificate, key=key)


def is_fresh_ca(ca: Pair, now: datetime) -> bool:
    """Tell whether a CA will outlive a leaf made now."""
    return ca.certificate.not_valid_before_utc <= now < ca.certificate.not_valid_after_utc - RENEW_CA_BEFORE


def is_fresh_leaf(leaf: Pair, ca: Pair, now: datetime, names: Names = LOCAL) -> bool:
    """Tell whether a leaf is this CA's, is for these names and has more than 30 days left."""
    try:
        leaf.certificate.verify_directly_issued_by(ca.certificate)
        told = leaf.certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
        return False
    return (
        set(told) == set(_spelt(names))
        and leaf.certificate.not_valid_before_utc
        <= now
        < leaf.certificate.not_valid_after_utc - RENEW_LEAF_BEFORE
    )


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    serial: int,
    now: datetime,
    life: timedelta,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(serial)
        .not_valid_before(now - CLOCK_SLACK)
        .not_valid_after(now + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _spelt(names: Names) -> list[x509.GeneralName]:
    spelt: list[x509.GeneralName] = [x509.DNSName(n) for n in names.hosts]
    return spelt + [x509.IPAddress(ipaddress.ip_address(a)) for a in names.addresses]


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _usage(
    *, digital_signature: bool = False, key_cert_sign: bool = False, crl_sign: bool = False
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        encipher_only=False,
        decipher_only=False,
    )
