"""An endpoint on this machine that answers as it is told, well or badly."""

import json
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


class FakeEndpoint:
    """Answers `/v1/chat/completions`; `behave` gets the request's body and the handler."""

    def __init__(self):
        self.asked = []  # (headers, body) of each question
        self.behave = None
        self.stopping = threading.Event()
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                fake.asked.append((dict(self.headers), body))
                with suppress(OSError):  # the client hangs up on us, as it should
                    fake.behave(self, body)
                self.close_connection = True

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    def say(self, content):
        """Answer with a chat completion of this content."""
        self.behave = lambda handler, _: send(handler, 200, completion(content))

    def close(self):
        self.stopping.set()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


def completion(content):
    """Return the bytes of a chat completion."""
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    return json.dumps({"choices": [{"message": {"role": "assistant", "content": text}}]}).encode()


def send(handler, status, body):
    """Answer a request."""
    handler.send_response(status)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


@pytest.fixture
def endpoint():
    fake = FakeEndpoint()
    yield fake
    fake.close()
