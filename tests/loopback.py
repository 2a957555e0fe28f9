"""Real servers on loopback that answer as badly as a test asks, and remember who came."""

import contextlib
import dataclasses
import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator


@dataclasses.dataclass(frozen=True)
class Request:
    path: str
    headers: dict[str, bytes]  # by name in lower case; values as they came
    host: str  # address that it came to


Answer = Callable[[Request, socket.socket], bytes | None]


def reply(body: bytes = b"", status: int = 200, headers: dict[str, str | bytes] | None = None) -> bytes:
    """A whole answer. The length is stated unless the headers say otherwise."""
    fields: dict[str, str | bytes] = {"Connection": "close", **(headers or {})}
    if not any(name.lower() in ("content-length", "transfer-encoding") for name in fields):
        fields["Content-Length"] = str(len(body))
    lines = [b"HTTP/1.1 %d Because" % status]
    for name, value in fields.items():
        lines.append(name.encode() + b": " + (value if isinstance(value, bytes) else value.encode("latin-1")))
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


class Loopback:
    """What a server saw."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.connections = 0
        self.port = 0
        self.address = ""

    def url(self, path: str = "/", host: str | None = None, scheme: str = "http") -> str:
        return f"{scheme}://{host or self.address}:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        return [request.path for request in self.requests]


@contextlib.contextmanager
def serve(answer: Answer, address: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> Iterator[Loopback]:
    """Serves until the block ends. `answer` gives the bytes to send, or sends them itself and gives None."""
    seen = Loopback()
    lock = threading.Lock()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with lock:
                seen.connections += 1
            with contextlib.suppress(OSError):
                connection = tls.wrap_socket(self.request, server_side=True) if tls else self.request
                head = b""
                while b"\r\n\r\n" not in head:
                    data = connection.recv(65536)
                    if not data:
                        return
                    head += data
                first, *lines = head.split(b"\r\n\r\n")[0].split(b"\r\n")
                headers = {}
                for line in lines:
                    name, _, value = line.partition(b": ")
                    headers[name.decode("latin-1").lower()] = value
                request = Request(first.split(b" ")[1].decode("latin-1"), headers, connection.getsockname()[0])
                with lock:
                    seen.requests.append(request)
                data = answer(request, connection)
                if data:
                    connection.sendall(data)
                if tls:
                    connection.unwrap()

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True
        block_on_close = False
        request_queue_size = 512

    with Server((address, 0), Handler) as server:
        seen.port = server.server_address[1]
        seen.address = "127.0.0.1" if address == "0.0.0.0" else address
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield seen
        finally:
            server.shutdown()
            thread.join()
