"""The OpenAI-compatible language model against a real HTTP server on loopback."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from core.errors import BackendFailed, ModelOutputInvalid
from core.llm.openai_compatible import OpenAiCompatible

SCHEMA = {
    "type": "object",
    "properties": {"n": {"type": "integer"}},
    "required": ["n"],
    "additionalProperties": False,
}


class Endpoint:
    """What the server answers next, and what it was asked."""

    def __init__(self) -> None:
        self.status = 200
        self.content = '{"n": 1}'
        self.asked: dict[str, Any] = {}
        self.authorization = ""


@pytest.fixture
def endpoint() -> Iterator[tuple[Endpoint, str]]:
    state = Endpoint()

    class Chat(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            state.asked = json.loads(self.rfile.read(length))
            state.authorization = self.headers["Authorization"]
            message = {"role": "assistant", "content": state.content}
            choice = {"index": 0, "message": message, "finish_reason": "stop"}
            body = json.dumps(
                {
                    "id": "1",
                    "object": "chat.completion",
                    "created": 0,
                    "model": "m",
                    "choices": [choice],
                }
            ).encode()
            self.send_response(state.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Chat)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield state, f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    thread.join()
    server.server_close()


def ask(url: str) -> dict[str, Any]:
    model = OpenAiCompatible(base_url=url, api_key="k", model="m", timeout_s=5)
    return model.complete(system="s", user="u", schema=SCHEMA)


def test_the_schema_is_sent_and_the_object_comes_back(endpoint: tuple[Endpoint, str]) -> None:
    state, url = endpoint
    assert ask(url) == {"n": 1}
    assert state.asked["response_format"]["json_schema"]["schema"] == SCHEMA
    assert state.authorization == "Bearer k"


@pytest.mark.parametrize("content", ["", "no json", '{"n": "one"}', '{"n": 1, "more": 2}'])
def test_an_answer_outside_the_schema_is_refused(
    endpoint: tuple[Endpoint, str], content: str
) -> None:
    state, url = endpoint
    state.content = content
    with pytest.raises(ModelOutputInvalid, match="outside its schema"):
        ask(url)


def test_a_failing_endpoint_is_named_with_a_remedy(endpoint: tuple[Endpoint, str]) -> None:
    state, url = endpoint
    state.status = 500
    with pytest.raises(BackendFailed, match="JUNSHI_LLM_BASE_URL"):
        ask(url)


def test_nobody_listening_is_a_failed_backend() -> None:
    with pytest.raises(BackendFailed, match="did not answer"):
        ask("http://127.0.0.1:9/v1")
