"""TLS material on disk: made at first start, kept, renewed. `serve` and `serve --print-env` share it.

SSL_CERT_FILE replaces a client's public roots, hence the bundle: what the client trusted before, and our CA.
"""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import certifi

from soundstage.api.certificates import (
    FAL,
    LOCAL,
    is_fresh_ca,
    is_fresh_leaf,
    make_ca,
    make_leaf,
    read_pair,
)
from soundstage.errors import SettingsInvalid
from soundstage.locks import held

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from soundstage.api.certificates import Names, Pair

log = logging.getLogger(__name__)

#: The first line of a bundle names what was trusted before; PEM readers skip it.
_MARK = b"# Soundstage bundle of "


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsFiles:
    """Where the TLS material lies."""

    ca: Path  #: the CA's certificate, for clients
    leaf: Path  #: the server's certificate
    key: Path  #: the server's key
    bundle: Path  #: what SSL_CERT_FILE should name
    tunnel: TlsFiles | None = None  #: the same for fal's names; its bundle vouches for both


def ensure_tls(
    folder: Path, *, environ: Mapping[str, str], now: datetime, for_tunnel: bool = False
) -> TlsFiles:
    """Make what is missing, worn out or does not belong together, and return where it all lies.

    Args:
        folder: made with mode 0700 if it is absent.
        environ: its SSL_CERT_FILE says what the client trusts besides us.
        now: aware.
        for_tunnel: make also what vouches for fal's own names.

    Raises:
        SettingsInvalid: the folder cannot be written.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        with held(folder / "tls.lock"):
            base = _find_base(environ)
            tls = _ensure_files(folder, "", LOCAL, now, base)
            if for_tunnel:
                # Its bundle vouches for our own names too: answers hold URLs of this machine.
                tunnel = _ensure_files(folder, "tunnel-", FAL, now, base, beside=tls.ca.read_bytes())
                tls = replace(tls, tunnel=tunnel)
            return tls
    except OSError as exc:
        raise SettingsInvalid(
            f"TLS material cannot be kept in {folder}: {exc}; choose another --home"
        ) from exc


def _ensure_files(
    folder: Path, prefix: str, names: Names, now: datetime, base: Path, *, beside: bytes = b""
) -> TlsFiles:
    ca = _ensure_ca(folder / f"{prefix}ca.pem", names, now)
    leaf = folder / f"{prefix}leaf.pem"
    kept = _read(leaf)
    if kept is None or not is_fresh_leaf(kept, ca, now, names):
        log.info("made a server certificate", extra={"file": str(leaf)})
        _write_pair(make_leaf(ca, now, names), leaf)
    return TlsFiles(
        ca=folder / f"{prefix}ca.pem",
        leaf=leaf,
        key=_key_of(leaf),
        bundle=_ensure_bundle(folder, f"{prefix}bundle", base, beside + ca.certificate_pem),
    )


def _ensure_ca(path: Path, names: Names, now: datetime) -> Pair:
    kept = _read(path)
    if kept is not None and is_fresh_ca(kept, now):
        return kept
    made = make_ca(now, names)
    log.info("made a local CA", extra={"file": str(path)})
    _write_pair(made, path)
    return made


def _key_of(certificate: Path) -> Path:
    return certificate.with_suffix(".key")


def _read(certificate: Path) -> Pair | None:
    try:
        return read_pair(certificate.read_bytes(), _key_of(certificate).read_bytes())
    except FileNotFoundError:
        return None
    except ValueError as exc:
        log.warning(
            "certificate does not read and is made anew", extra={"file": str(certificate), "why": str(exc)}
        )
        return None


def _write_pair(pair: Pair, certificate: Path) -> None:
    # A crash between the two leaves a pair that does not belong together: the next start makes it anew.
    _write(_key_of(certificate), pair.key_pem, 0o600)
    _write(certificate, pair.certificate_pem, 0o644)


def _ensure_bundle(folder: Path, name: str, base: Path, own: bytes) -> Path:
    # One bundle for each base: two shells that trust different roots must not rewrite one file in turn.
    public = Path(certifi.where())
    stamp = hashlib.sha256(os.fsencode(base)).hexdigest()[:8]
    path = folder / (f"{name}.pem" if base == public else f"{name}-{stamp}.pem")
    content = _MARK + os.fsencode(base) + b"\n" + base.read_bytes().rstrip() + b"\n" + own
    if not path.exists() or path.read_bytes() != content:
        _write(path, content, 0o644)
    return path


def _find_base(environ: Mapping[str, str]) -> Path:
    """Return the roots that were trusted before us: the user's own, or certifi's."""
    public = Path(certifi.where())
    named = environ.get("SSL_CERT_FILE")
    if not named:
        return public
    path = Path(named).absolute()
    try:
        first = path.read_bytes().partition(b"\n")[0]
        if first.startswith(_MARK):
            # A bundle of ours, from the shell's last `eval`: build on what it was built on, not on itself.
            path = Path(os.fsdecode(first.removeprefix(_MARK)))
            path.read_bytes()
    except OSError as exc:
        log.warning("SSL_CERT_FILE cannot be read; taking the public roots", extra={"why": str(exc)})
        return public
    return path


def _write(path: Path, content: bytes, mode: int) -> None:
    """Write a file whole: under another name, to the disk, then renamed."""
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(file.fileno(), mode)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(part).replace(path)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise
