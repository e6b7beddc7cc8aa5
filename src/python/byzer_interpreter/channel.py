"""The socket to the host: one JSON object a line, both ways."""

import json
import os
import socket
import threading
from collections.abc import Iterator
from typing import Any, Optional

CONNECT_TIMEOUT_S = 10.0
RECEIVE_BYTES = 65536

Message = dict[str, Any]


def encode(message: Message) -> bytes:
    """One line. ASCII only, so that a lone surrogate can neither break the line nor the encoding."""
    return json.dumps(message, ensure_ascii=True, separators=(",", ":"), allow_nan=False).encode("ascii") + b"\n"


def _connect_port(port: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=CONNECT_TIMEOUT_S)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _connect_unix(path: str) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(CONNECT_TIMEOUT_S)
    connection.connect(path)
    return connection


class Channel:
    """Sending is allowed from any thread of this process; a forked child sends nothing."""

    def __init__(self, port: int, path: str = "") -> None:
        self._socket = _connect_unix(path) if path else _connect_port(port)
        self._socket.settimeout(None)
        self._lock = threading.Lock()
        self._pid = os.getpid()

    def send(self, message: Message) -> None:
        """Sends one message; a lost connection is left to the reader to notice."""
        self.send_encoded(encode(message))

    def send_encoded(self, line: bytes) -> None:
        """Sends whole lines, encoded before."""
        if os.getpid() != self._pid:
            return
        with self._lock:
            try:
                self._socket.sendall(line)
            except OSError:
                return

    def messages(self) -> Iterator[Message]:
        """Yields what the host says until the connection ends."""
        rest = b""
        while True:
            piece = self._receive()
            if not piece:
                return
            *lines, rest = (rest + piece).split(b"\n")
            for line in lines:
                if line:
                    yield json.loads(line)

    def _receive(self) -> Optional[bytes]:
        try:
            return self._socket.recv(RECEIVE_BYTES)
        except OSError:
            return None

    def close_in_child(self) -> None:
        """Lets go of the inherited descriptor without telling the host."""
        try:
            os.close(self._socket.detach())
        except OSError:
            return
