"""Everything a cell shows, in the order it was shown, on its way to the host and to the terminal."""

import codecs
import collections
import re
import threading
import time
from _thread import allocate_lock
from typing import Callable, Optional, Union

from byzer_interpreter.cell_text import CellText
from byzer_interpreter.channel import Channel, Message, encode
from byzer_interpreter.interrupts import shield_thread
from byzer_interpreter.transcript import Transcript

BATCH_S = 0.016
BATCH_BYTES = 32 * 1024
IDLE_S = 0.25
FILE_BATCH_BYTES = 1024 * 1024
# Printing waits while this much is on its way, so that memory stays bounded.
BACKLOG_BYTES = 4 * 1024 * 1024

Item = tuple[str, Union[bytes, Message]]


class Outbox:
    """One queue for text and typed outputs, emptied by one thread in batches of 16 ms or 32 KB.

    Appending is one atomic operation, so that an interrupt raised anywhere in the main thread cannot break it.
    """

    def __init__(self, channel: Channel, transcript: Transcript, directory: str) -> None:
        self._channel = channel
        self._transcript = transcript
        self._directory = directory
        self._items: collections.deque[Item] = collections.deque()
        self._backlog = 0
        self._ring_bytes = BATCH_BYTES
        self._flushing = False
        self._bell = allocate_lock()
        self._bell.acquire()
        self.lock = threading.RLock()
        self._cell: Optional[str] = None
        self._text: Optional[CellText] = None
        self._decoders: dict[str, codecs.IncrementalDecoder] = {}
        self._sender: Optional[threading.Thread] = None
        # Pushes what the text streams still hold; set by the streams.
        self.flush_streams: Callable[[], None] = lambda: None

    def start(self) -> None:
        """Starts the sending thread."""
        threading.Thread(target=self._run, name="byzer-outbox", daemon=True).start()

    def text(self, stream: str, data: bytes) -> None:
        """Queues printed bytes of ``stdout`` or ``stderr``; waits while too much is on its way."""
        self._items.append((stream, data))
        self._backlog += len(data)
        if self._backlog >= self._ring_bytes:
            self._ring()
        # The caller holds its stream's lock: it must give way when the stream is to be flushed.
        while self._backlog > BACKLOG_BYTES and not self._flushing:
            self._ring()
            time.sleep(0.001)

    def put(self, message: Message) -> None:
        """Queues an output or a notice behind everything printed so far. Main thread only."""
        self.flush_streams()
        self._items.append(("message", message))
        self._ring()

    def settle(self, timeout_s: float = 0.5) -> None:
        """Waits until the queue is empty, so that a question is on the screen before the answer is awaited."""
        deadline = time.monotonic() + timeout_s
        while self._items and time.monotonic() < deadline:
            self._ring()
            time.sleep(0.002)

    def begin(self, cell_id: str) -> None:
        """From now on outputs belong to `cell_id`. What came between cells went to the terminal only."""
        with self.lock:
            self._drain()
            self._backlog = 0
            self._ring_bytes = BATCH_BYTES
            self._text = CellText(self._directory, f"cell-{safe_name(cell_id)}.txt")
            self._cell = cell_id
        self._ring()

    def end(self, done: Message) -> None:
        """Sends everything that is left of the cell, then `done`."""
        with self.lock:
            self._drain()
            lines = [self._encode_text(stream, b"", True) for stream in list(self._decoders)]
            truncation = self._text.finish() if self._text is not None else None
            if truncation is not None:
                left_out = f"\n… {truncation.left_out_bytes:,} bytes are not shown here …\n"
                tail = left_out + truncation.tail.decode("utf-8", "replace").lstrip("\ufffd")
                lines += self._encode_pieces("stdout", tail)
                output = {"type": "truncation", "file": truncation.file, "totalBytes": truncation.total_bytes}
                lines.append(encode({"t": "output", "cell": self._cell, "output": output}))
            self._decoders.clear()
            self._cell = None
            self._text = None
            self._channel.send_encoded(b"".join(lines) + encode(done))

    def _run(self) -> None:
        shield_thread()
        while True:
            self._bell.acquire(True, self._pause_s())
            try:
                with self.lock:
                    self._drain()
            except MemoryError:
                time.sleep(0.05)
            except Exception as error:  # noqa: BLE001 - a broken stream must not end the sending of all others
                self._transcript.note(f"An output could not be sent: {error!r}")

    def _pause_s(self) -> float:
        """How long to wait for more. What only goes to a file can wait: each waking halts the cell for a moment."""
        text = self._text
        return BATCH_S if text is not None and not text.cut else IDLE_S

    def _drain(self) -> None:
        self._flushing = True
        try:
            self.flush_streams()
        finally:
            self._flushing = False
        lines: list[bytes] = []
        while self._items:
            stream, joined = self._take()
            if isinstance(joined, bytes):
                lines.append(self._encode_text(stream, joined, False))
            else:
                self._transcript.message(joined)
                lines.append(encode(joined))
            if len(lines) > 64:
                self._channel.send_encoded(b"".join(lines))
                lines = []
        # Counting is not atomic between threads; an empty queue sets it right.
        self._backlog = 0
        if lines:
            self._channel.send_encoded(b"".join(lines))

    def _take(self) -> tuple[str, Union[bytes, Message]]:
        """The next message, or the next run of text of one stream up to the batch size."""
        stream, content = self._items.popleft()
        if not isinstance(content, bytes):
            return stream, content
        pieces = [content]
        size = len(content)
        while self._items and self._items[0][0] == stream and size < BATCH_BYTES:
            following = self._items.popleft()[1]
            pieces.append(following if isinstance(following, bytes) else b"")
            size += len(following)
        self._backlog = max(0, self._backlog - size)
        return stream, b"".join(pieces)

    def _encode_text(self, stream: str, data: bytes, final: bool) -> bytes:
        if self._text is not None:
            data = self._text.feed(data)
            if self._text.cut:
                # Nobody waits for what only goes to the file: waking for it would cost the cell time.
                self._ring_bytes = FILE_BATCH_BYTES
        decoder = self._decoders.get(stream)
        if decoder is None:
            decoder = self._decoders[stream] = codecs.getincrementaldecoder("utf-8")("replace")
        text = decoder.decode(data, final)
        if not text:
            return b""
        self._transcript.text(stream, text)
        return b"".join(self._encode_pieces(stream, text))

    def _encode_pieces(self, stream: str, text: str) -> list[bytes]:
        if self._cell is None:
            return []
        pieces = (text[start : start + BATCH_BYTES] for start in range(0, len(text), BATCH_BYTES))
        return [
            encode({"t": "output", "cell": self._cell, "output": {"type": "text", "stream": stream, "text": piece}})
            for piece in pieces
        ]

    def _ring(self) -> None:
        try:
            self._bell.release()
        except RuntimeError:
            return


def safe_name(cell_id: str) -> str:
    """A cell's id as a part of a file name."""
    return re.sub(r"[^A-Za-z0-9_-]", "_", cell_id)[:80]
