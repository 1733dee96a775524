"""Settings: read once at start, frozen, passed on. Knows no part that uses them.

Each setting is a flag of `soundstage serve` and a variable `SOUNDSTAGE_<NAME>`; the flag wins.
"""

from __future__ import annotations

import difflib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_origin

from platformdirs import user_data_path
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from soundstage.errors import SettingsInvalid

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "SOUNDSTAGE_"


def default_home() -> Path:
    """Return the user's data folder for this program."""
    return user_data_path("soundstage", appauthor=False)


class Settings(BaseModel):
    """Everything that can be set, with its default."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    home: Path = Field(default_factory=default_home, description="folder of films, database, keys and caches")
    database: str | None = Field(default=None, description="postgresql:// URL; absent: embedded in home")
    host: str = Field(default="127.0.0.1", description="address to listen on")
    port: int = Field(default=8000, ge=0, le=65535, description="HTTP port; 0 takes a free one")
    tls_port: int = Field(default=8443, ge=0, le=65535, description="HTTPS port; 0 takes a free one")
    public_url: str | None = Field(default=None, description="base of all URLs in answers")
    allowed_hosts: tuple[str, ...] = Field(default=(), description="Host headers trusted beside loopback")
    allowed_origins: tuple[str, ...] = Field(
        default=(), description="web pages that may call a server without keys, as https://app.example.org"
    )
    require_keys: bool | None = Field(
        default=None, description="ask callers for a key; absent: when others than this machine can reach it"
    )
    open_to_all: bool = Field(
        default=False, description="let everybody who reaches the port use this machine, without a key"
    )
    connect_port: int | None = Field(
        default=None, ge=0, le=65535, description="port of the tunnel for fal's own host names; absent: none"
    )
    trusted_proxies: tuple[str, ...] = Field(default=(), description="addresses whose X-Forwarded-* count")
    threads: int = Field(default_factory=lambda: os.cpu_count() or 2, ge=1, description="frames in flight")
    caller_limit: int = Field(default=1000, ge=1, description="orders of one caller in the queue at once")
    idle_stage_s: float = Field(default=600.0, gt=0, description="a warm stage idle this long is replaced")
    warm_engines: tuple[str, ...] = Field(default=("previz",), description="engines made ready at start")
    # fal's clients are promised a comment every 15 s; proxies on the way cut quiet streams after 30 to 60 s.
    heartbeat_s: float = Field(default=10.0, gt=0, le=15, description="comment on a quiet status stream")
    enqueue_invalid: bool = Field(
        default=False, description="queue a bad body and fail it, as fal does, instead of refusing it at once"
    )
    payload_kept_s: float = Field(
        default=30 * 86_400.0, gt=0, description="input and output JSON are kept this long after the end"
    )
    unstored_result_s: float = Field(
        default=3600.0, gt=0, description="the same for a request sent with X-Fal-Store-IO: 0"
    )

    plan_per_minute: int = Field(
        default=600, ge=1, description="plans that one caller may ask the API for in a minute"
    )
    upload_max_bytes: int = Field(
        default=5_000_000_000, ge=1, description="the largest file that a caller may bring"
    )
    upload_abandoned_s: float = Field(
        default=86_400.0, gt=0, description="an upload in parts that got none for so long is removed"
    )

    webhook_private: bool | None = Field(
        default=None,
        description="webhooks to this machine and private networks; absent: if only this machine can submit",
    )
    webhook_gaps_s: tuple[float, ...] = Field(
        default=(), description="seconds from each attempt of a webhook to the next; absent: ten within 2 h"
    )
    webhook_timeout_s: float | None = Field(
        default=None, gt=0, description="a receiver's time to answer the first attempt; absent: 15"
    )
    webhook_retry_timeout_s: float | None = Field(
        default=None, gt=0, description="a receiver's time to answer a retry; absent: 120"
    )

    voices_dir: Path | None = Field(
        default=None, description="folder of neural voices, Kokoro's or Piper's; absent: espeak-ng speaks"
    )
    translator_dir: Path | None = Field(
        default=None, description="folder of CTranslate2 translation models that put dialogue into English"
    )
    translator_url: str | None = Field(
        default=None, description="OpenAI-compatible base that translates, as http://localhost:11434/v1"
    )
    translator_model: str | None = Field(default=None, description="the model to ask there")
    translator_key: SecretStr | None = Field(default=None, description="the key to send there")
    translator_timeout_s: float = Field(default=15.0, gt=0, description="a prompt's lines may take so long")
    planner_url: str | None = Field(
        default=None, description="OpenAI-compatible base of a language model that plans; absent: the grammar"
    )
    planner_model: str | None = Field(default=None, description="the model to ask there")
    planner_key: SecretStr | None = Field(default=None, description="the key to send there")
    planner_timeout_s: float = Field(default=60.0, gt=0, description="a screenplay may take so long")

    @property
    def kernel_cache(self) -> Path:
        """Where compiled kernels are kept."""
        return self.home / "cache" / "kernels"

    @property
    def cache(self) -> Path:
        """What may be wiped at any time."""
        return self.home / "cache"

    @property
    def files(self) -> Path:
        """The store of finished films."""
        return self.home / "files"

    @property
    def workspaces(self) -> Path:
        """One folder for each order in the making."""
        return self.home / "orders"

    @property
    def tls(self) -> Path:
        """The local CA, its leaf and the bundle."""
        return self.home / "tls"

    @property
    def run(self) -> Path:
        """What a running server tells others: its ports, its lock."""
        return self.home / "run"

    @classmethod
    def load(cls, environ: Mapping[str, str], **flags: Any) -> Settings:
        """Build settings from variables and flags; a flag that is None was not given.

        Raises:
            SettingsInvalid: names the variable or flag, its value and the rule.
        """
        named: dict[str, Any] = {}
        for variable, text in environ.items():
            if not variable.startswith(PREFIX) or not text:
                continue
            field = variable.removeprefix(PREFIX).lower()
            if field not in cls.model_fields:
                near = difflib.get_close_matches(field, cls.model_fields, n=1)
                hint = f"; did you mean {PREFIX}{near[0].upper()}?" if near else ""
                raise SettingsInvalid(f"{variable} is not a setting{hint}")
            is_list = get_origin(cls.model_fields[field].annotation) is tuple
            named[field] = tuple(t.strip() for t in text.split(",") if t.strip()) if is_list else text
        named |= {field: value for field, value in flags.items() if value not in (None, "")}
        if "home" in named:
            named["home"] = home = Path(named["home"]).expanduser().absolute()
            if home.exists() and not home.is_dir():
                raise SettingsInvalid(f"SOUNDSTAGE_HOME (or --home) is {home}, which is no folder")
        try:
            return cls(**named)
        except ValidationError as exc:
            first = exc.errors()[0]
            field = str(first["loc"][0])
            raise SettingsInvalid(
                f"the setting {field} ({PREFIX}{field.upper()}, or its flag) is {first['input']!r}:"
                f" {first['msg'].lower()}"
            ) from exc
