"""A provider on bare sockets that can fail in every way and counts requests."""

import contextlib
import json
import re
import shutil
import socket
import ssl
import struct
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

Behaviour = Callable[[socket.socket, "RawServer"], None]


class RawServer:
    """Serves each connection in a thread of its own, as configured.

    Attributes:
        requests: the head of every request that was read, in order.
        bodies: their bodies.
        connections: how many connections were made.
        release: set at the end of the test; connections that block until then continue.
        behave: what happens on a connection.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[str] = []
        self.bodies: list[str] = []
        self.connections = 0
        self.release = threading.Event()
        self.behave: Behaviour = take_the_order
        self._tls = tls
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._threads: list[threading.Thread] = []
        self._accepting = threading.Thread(target=self._accept)
        self._accepting.start()

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}/order"

    @property
    def form(self) -> dict[str, str]:
        """The fields of the last request, from its query or its body."""
        query = self.requests[-1].split(" ")[1].partition("?")[2]
        pairs = parse_qsl(query or self.bodies[-1], strict_parsing=True, keep_blank_values=True)
        assert len(dict(pairs)) == len(pairs)
        return dict(pairs)

    def read_request(self, connection: socket.socket) -> bool:
        """Read a request; whether one came."""
        data = b""
        while b"\r\n\r\n" not in data:
            more = connection.recv(4096)
            if not more:
                return False
            data += more
        head, _, body = data.partition(b"\r\n\r\n")
        length = re.search(rb"(?im)^Content-Length: (\d+)", head)
        while length and len(body) < int(length[1]):
            more = connection.recv(4096)
            if not more:
                return False
            body += more
        self.requests.append(f"{head.decode()}\r\n\r\n")
        self.bodies.append(body.decode())
        return True

    def close(self) -> None:
        self.release.set()
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._accepting.join()
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            thread = threading.Thread(target=self._serve, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            connection.settimeout(30)
            if self._tls is None:
                self.behave(connection, self)
            else:
                with self._tls.wrap_socket(connection, server_side=True) as safe:
                    self.behave(safe, self)


def take_the_order(connection: socket.socket, server: RawServer) -> None:
    server.read_request(connection)
    connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n{"order": 23501}')


def http(body: object = "", status: str = "200 OK", *headers: str) -> bytes:
    """A whole answer; a body that is neither bytes nor text is written as JSON."""
    text = body if isinstance(body, bytes | str) else json.dumps(body)
    raw = text if isinstance(text, bytes) else text.encode()
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(raw)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + raw


def answering(*pieces: bytes):
    def behave(connection, server):
        server.read_request(connection)
        for piece in pieces:
            connection.sendall(piece)

    return behave


def holding(*pieces: bytes):
    """Say this much, then nothing until the test is over."""

    def behave(connection, server):
        server.read_request(connection)
        for piece in pieces:
            connection.sendall(piece)
        server.release.wait()

    return behave


def dripping(head: bytes, drop: bytes):
    """Say the head, then drop after drop, for as long as anybody listens."""

    def behave(connection, server):
        server.read_request(connection)
        connection.sendall(head)
        while not server.release.wait(0.02):
            connection.sendall(drop)

    return behave


def reset(connection) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def answering_again_and_again(*answers: bytes):
    """One answer to each request of a connection, which stays open for the next; then it ends."""

    def behave(connection, server):
        for answer in answers:
            if not server.read_request(connection):
                return
            connection.sendall(answer)

    return behave


def new_certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A certificate for 127.0.0.1 that vouches for itself: for a server, and as a file."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("needs the openssl program, to make a certificate")
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        [
            *(openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"),
            *("-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"),
            *("-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate),
        ],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context, certificate
