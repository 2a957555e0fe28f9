"""A reverse proxy on loopback that makes a store unreliable: refused, dropped, cut, slow and unanswered requests."""

import contextlib
import http.client
import json
import random
import signal
import socket
import sys
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# What may befall a request. All but `refuse` and `drop` reach the store, so what they ask for is done.
FAULTS = ("refuse", "drop", "done-and-refuse", "done-and-drop", "cut", "slow")
_HOP = frozenset(("connection", "keep-alive", "transfer-encoding", "proxy-connection"))


class Unreliable(ThreadingHTTPServer):
    """Passes requests on to another server on loopback, and fails a share of them.

    Args:
        port: of the other server.
        share: of the requests that fail, 0 to 1; may be set while it runs.
        slow: seconds that a slow answer takes.
        seed: of the dice.
    """

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port: int, share: float = 0.0, slow: float = 0.5, seed: int = 1) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.upstream, self.share, self.slow = port, share, slow
        self.passed, self.failed = 0, Counter[str]()
        self._dice, self._guard = random.Random(seed), threading.Lock()

    @property
    def url(self) -> str:
        """Address of the proxy."""
        return f"http://127.0.0.1:{self.server_port}"

    def draw(self) -> str | None:
        """What befalls the next request; None for nothing."""
        with self._guard:
            self.passed += 1
            if self._dice.random() >= self.share:
                return None
            fault = self._dice.choice(FAULTS)
            self.failed[fault] += 1
            return fault

    def start(self) -> None:
        """Serves in a thread of its own until `shutdown`."""
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address) -> None:
        """Clients that gave up are no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Unreliable

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._store: http.client.HTTPConnection | None = None

    def finish(self) -> None:
        if self._store is not None:
            self._store.close()
        with contextlib.suppress(OSError):
            super().finish()

    def log_message(self, *args) -> None:
        """Nothing."""

    def _pass_on(self) -> None:
        body, fault = self._body(), self.server.draw()
        if fault == "drop":
            return self._hang_up()
        if fault == "refuse":
            return self._answer(503, [("Content-Type", "text/plain")], b"")
        status, headers, answer = self._ask(body)
        if fault == "done-and-drop":
            return self._hang_up()
        if fault == "done-and-refuse":
            return self._answer(503, [("Content-Type", "text/plain")], b"")
        if fault == "slow":
            time.sleep(self.server.slow)
        self._answer(status, headers, answer, cut=fault == "cut")
        return None

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = do_PATCH = _pass_on

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            parts = []
            while size := int(self.rfile.readline().split(b";")[0], 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            while self.rfile.readline().strip():
                pass
            return b"".join(parts)
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def _ask(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        headers = {name: value for name, value in self.headers.items() if name.lower() not in (*_HOP, "content-length")}
        headers["Content-Length"] = str(len(body))
        if self._store is None:
            self._store = http.client.HTTPConnection("127.0.0.1", self.server.upstream, timeout=60)
        try:
            self._store.request(self.command, self.path, body, headers)
            answer = self._store.getresponse()
        except (http.client.HTTPException, OSError):  # the store has closed a connection that lay idle
            self._store.close()
            self._store.request(self.command, self.path, body, headers)
            answer = self._store.getresponse()
        kept = [(name, value) for name, value in answer.getheaders() if name.lower() not in _HOP]
        return answer.status, kept, answer.read()

    def _answer(self, status: int, headers: list[tuple[str, str]], body: bytes, cut: bool = False) -> None:
        self.send_response_only(status)
        names = {name.lower() for name, _ in headers}
        for name, value in headers:
            self.send_header(name, value)
        if "content-length" not in names:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body[: len(body) // 2] if cut else body)
        if cut:
            self._hang_up()

    def _hang_up(self) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)


def main(port: str, share: str, seed: str) -> None:
    """Prints its address, serves until SIGTERM, then prints what befell how many requests."""
    proxy = Unreliable(int(port), float(share), seed=int(seed))
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    print(proxy.url, flush=True)  # noqa: T201
    proxy.start()
    stopped.wait()
    print(json.dumps({"passed": proxy.passed, **proxy.failed}), flush=True)  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
