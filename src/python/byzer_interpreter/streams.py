"""sys.stdout and sys.stderr of the cells, and what their child processes print."""

import functools
import io
import os
import select
import sys
import threading
from typing import Any, Callable, Optional, TypeVar

from byzer_interpreter.interrupts import shield_thread
from byzer_interpreter.outbox import BATCH_BYTES, Outbox

_Layer = TypeVar("_Layer", bound=io.TextIOWrapper)
_PIPE_BYTES = 65536
_FINAL_READS = 64


class Tap(io.RawIOBase):
    """The bottom of a text stream: bytes go to the outbox; in a forked child, to the descriptor it inherited."""

    def __init__(self, outbox: Outbox, stream: str, descriptor: int) -> None:
        super().__init__()
        self._outbox = outbox
        self._stream = stream
        self._descriptor = descriptor
        self._pid = os.getpid()

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._descriptor

    def isatty(self) -> bool:
        # Colours and progress bars that redraw a line are for terminals; the panel shows plain text.
        return False

    def close(self) -> None:
        # A cell that closes sys.stdout must not silence the cells after it.
        return

    def write(self, data: "memoryview") -> int:  # type: ignore[override]
        content = bytes(data)
        if os.getpid() == self._pid:
            self._outbox.text(self._stream, content)
        else:
            _write_all(self._descriptor, content)
        return len(content)


class ErrorStream(io.TextIOWrapper):
    """sys.stderr: written through at once, behind what sys.stdout still holds, so that the order is kept."""

    behind: "io.TextIOWrapper | None" = None

    def write(self, text: str) -> int:
        if self.behind is not None:
            self.behind.flush()
        written = super().write(text)
        self.flush()
        return written


class Streams:
    """Owns both streams. The C text layer above the tap makes print() as fast as into a pipe."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self.capture: Optional[DescriptorCapture] = None
        self.stdout = self._make(io.TextIOWrapper, "stdout", 1)
        self.stderr = self._make(ErrorStream, "stderr", 2)
        self.stderr.behind = self.stdout
        outbox.flush_streams = self.flush

    def install(self) -> None:
        """Puts the streams in place, again before every cell: one may have rebound them."""
        sys.stdout = sys.__stdout__ = self.stdout  # type: ignore[misc]
        sys.stderr = sys.__stderr__ = self.stderr  # type: ignore[misc]

    def flush(self) -> None:
        """Pushes what print() left in the text layer."""
        for stream in (self.stdout, self.stderr):
            try:
                stream.flush()
            except ValueError:
                continue

    def after_fork_in_child(self) -> None:
        """A child has no sending thread: every line goes to the descriptor at once."""
        for stream in (self.stdout, self.stderr):
            stream.reconfigure(line_buffering=True)

    def _make(self, layer: "type[_Layer]", name: str, descriptor: int) -> "_Layer":
        buffered = io.BufferedWriter(Tap(self._outbox, name, descriptor), BATCH_BYTES)
        return layer(buffered, encoding="utf-8", errors="backslashreplace", newline="\n")


class DescriptorCapture:
    """Reads what child processes and C code print to descriptors 1 and 2.

    Only where pipes can be waited for (not on Windows: there it appears in the terminal alone).
    """

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._lock = threading.Lock()
        self._pid = os.getpid()
        self._readers: dict[int, str] = {}
        for descriptor, stream in ((1, "stdout"), (2, "stderr")):
            reader, writer = os.pipe()
            os.dup2(writer, descriptor)
            os.close(writer)
            self._readers[reader] = stream
        threading.Thread(target=self._run, name="byzer-capture", daemon=True).start()

    def follow_waiting(self) -> None:
        """Takes over a child's output as soon as the cell has waited for the child, so that the order is kept.

        Before ``subprocess`` is first imported: it keeps its own reference to these functions.
        """
        for name in ("system", "waitpid"):
            setattr(os, name, self._followed(getattr(os, name)))

    def drain(self) -> None:
        """Takes over what ended children have printed; called when a cell is over too."""
        if os.getpid() != self._pid:
            return
        with self._lock:
            for _ in range(_FINAL_READS):
                if not self._read(self._ready(0)):
                    return

    def _followed(self, wait: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(wait)
        def waiting(*arguments: Any, **options: Any) -> Any:
            result = wait(*arguments, **options)
            self.drain()
            return result

        return waiting

    def _run(self) -> None:
        shield_thread()
        while self._readers:
            self._ready(None)
            with self._lock:
                self._read(self._ready(0))

    def _ready(self, timeout_s: Optional[float]) -> list[int]:
        try:
            return select.select(list(self._readers), [], [], timeout_s)[0]
        except (OSError, ValueError):
            self._readers = {}
            return []

    def _read(self, ready: list[int]) -> bool:
        if ready:
            # What the cell printed before it started the child comes first.
            self._outbox.flush_streams()
        for reader in ready:
            data = os.read(reader, _PIPE_BYTES)
            if data:
                self._outbox.text(self._readers[reader], data)
            else:
                del self._readers[reader]
        return bool(ready)


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
