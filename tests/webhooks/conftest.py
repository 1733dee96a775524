"""A place where webhooks arrive, and a sender that may reach it."""

import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # `listening` is found here

from soundstage.webhooks import Schedule, Sender

SEED = bytes(range(32))


@pytest.fixture
def make_sender():
    """Makes senders: `make_sender(private=False, first_timeout_s=0.2)`."""

    def make(*, private: bool = True, clock=time.time, **schedule) -> Sender:
        return Sender(schedule=Schedule.load(**schedule), private=private, clock=clock)

    return make


@pytest.fixture
def attempt():
    """What every attempt needs beside a URL."""
    return {
        "body": b'{"status":"OK"}',
        "request_id": "11111111-2222-3333-4444-555555555555",
        "user_id": "soundstage_test",
        "private_key": SEED,
        "attempt": 1,
    }
