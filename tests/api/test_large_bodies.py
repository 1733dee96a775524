"""A body that is too long, against a real server: the refusal reaches callers who write before they read."""

import json
import socket

import pytest

PRO = "fal-ai/kling-video/v3/pro/text-to-video"


@pytest.mark.parametrize("connection", ["close", "keep-alive"])
@pytest.mark.parametrize("door", ["queue", "run"])
def test_who_reads_late_gets_the_words(running, door, connection):
    """Eight megabytes written to the last byte before a byte is read: the answer is the 422, not a reset."""
    body = b"x" * 8_000_000
    head = (
        f"POST /{door}/{PRO} HTTP/1.1\r\nhost: localhost\r\nconnection: {connection}\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", running.ports.http), timeout=60) as caller:
        caller.sendall(head.encode())
        caller.sendall(body)
        with caller.makefile("rb") as answer:
            status = answer.readline()
            headers = dict(line.split(b": ", 1) for line in iter(answer.readline, b"\r\n"))
            told = json.loads(answer.read(int(headers[b"content-length"])))
    assert status.split()[1] == b"422"
    assert told["detail"][0]["type"] == "file_too_large"
