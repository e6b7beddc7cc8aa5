"""How much of a cell's text travels, and where the rest is kept."""

import os
from typing import BinaryIO, NamedTuple, Optional

PANEL_BYTES = 256 * 1024
TAIL_BYTES = 8 * 1024
FILE_BYTES = 1024 * 1024 * 1024


class Truncation(NamedTuple):
    """What was cut: the whole is in ``file`` (a name), ``tail`` is the end of it."""

    file: str
    total_bytes: int
    left_out_bytes: int
    tail: bytes


class CellText:
    """Counts one cell's text. Memory stays bounded however much is printed."""

    def __init__(self, directory: str, file: str) -> None:
        self._path = os.path.join(directory, file)
        self._file_name = file
        self._head: list[bytes] = []
        self._sent = 0
        self._total = 0
        self._tail = b""
        self._file: Optional[BinaryIO] = None
        self.cut = False

    def feed(self, data: bytes) -> bytes:
        """Takes printed bytes and returns those that travel now: all of them until the limit is reached."""
        self._total += len(data)
        if self.cut:
            self._keep(data)
            return b""
        room = PANEL_BYTES - self._sent
        if len(data) <= room:
            self._head.append(data)
            self._sent += len(data)
            return data
        self._open()
        self.cut = True
        self._sent += room
        self._write(data[:room])
        self._keep(data[room:])
        return data[:room]

    def finish(self) -> Optional[Truncation]:
        """Closes the file; None where everything travelled."""
        if not self.cut:
            return None
        if self._file is not None:
            self._file.close()
        left_out = self._total - self._sent - len(self._tail)
        return Truncation(self._file_name, self._total, max(0, left_out), self._tail)

    def _keep(self, data: bytes) -> None:
        self._write(data)
        self._tail = (self._tail + data[-TAIL_BYTES:])[-TAIL_BYTES:]

    def _open(self) -> None:
        try:
            self._file = open(self._path, "wb")  # noqa: SIM115 - closed when the cell ends
        except OSError:
            return
        for piece in self._head:
            self._write(piece)
        self._head = []

    def _write(self, data: bytes) -> None:
        if self._file is None:
            return
        try:
            if self._file.tell() > FILE_BYTES:
                self._file.write(b"\n[More was printed and not kept: this file had reached 1 GB.]\n")
                self._file.close()
                self._file = None
            else:
                self._file.write(data)
        except OSError:
            # A full disk must not stop the cell; totalBytes still tells how much there was.
            self._file = None
