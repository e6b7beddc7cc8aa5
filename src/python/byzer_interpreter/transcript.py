"""What a person sees in the terminal: each cell's code, its output, how it ended."""

import collections
import os
import sys
import threading
import time
from typing import Any, Optional

from byzer_interpreter.interrupts import shield_thread

BACKLOG_CHARACTERS = 1024 * 1024
CELL_CHARACTERS = 64 * 1024
CODE_LINES = 60
TABLE_LINES = 12

_STYLES = {"dim": "2", "bold": "1", "accent": "36", "good": "32", "bad": "31", "warn": "33"}


class Transcript:
    """Writes to the terminal in a thread of its own: a slow or paused terminal never slows a cell.

    Without a terminal it writes nothing.
    """

    def __init__(self, descriptor: Optional[int]) -> None:
        self._descriptor = descriptor
        self._colours = descriptor is not None and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        self._queue: collections.deque[str] = collections.deque()
        self._size = 0
        self._wake = threading.Event()
        self._idle = threading.Event()
        self._idle.set()
        self._shown = 0
        self._abridged = False
        self._at_line_start = True
        if descriptor is not None:
            threading.Thread(target=self._run, name="byzer-transcript", daemon=True).start()

    @property
    def visible(self) -> bool:
        """Whether there is a terminal."""
        return self._descriptor is not None

    def banner(self, title: str, notes: str, node: str = "") -> None:
        """Says what this terminal is. `node`: the machine of a cluster that it shows; it can be closed then."""
        version = ".".join(str(part) for part in sys.version_info[:3])
        self._line(self._paint("bold", "Byzer Agent") + self._paint("dim", f" · Python {version} · ") + title)
        if node:
            where = f"Code of this analysis runs on {node} of the cluster, and its variables live there."
            closing = "Closing the terminal ends nothing."
        else:
            where = "Code of this analysis runs here, and its variables live here."
            closing = "Closing the terminal ends the session's variables."
        self._line(self._paint("dim", where))
        self._line(self._paint("dim", f"Ctrl-C interrupts the running cell. {closing}"))
        if notes:
            self._line(self._paint("dim", notes))

    def cell(self, number: int, code: str) -> None:
        """Shows the code that is about to run."""
        self._shown = 0
        self._abridged = False
        lines = code.strip("\n").split("\n")
        self._line("")
        for index, line in enumerate(lines[:CODE_LINES]):
            mark = f"{number:>3} │ " if index == 0 else "    │ "
            self._line(self._paint("accent", mark) + line)
        if len(lines) > CODE_LINES:
            self._line(self._paint("dim", f"    │ … {len(lines) - CODE_LINES} more lines"))

    def text(self, stream: str, text: str) -> None:
        """Shows printed text; a very long output is cut short here and whole in the panel's file."""
        if self._descriptor is None or self._abridged:
            return
        room = CELL_CHARACTERS - self._shown
        self._shown += len(text)
        self._write(self._paint("warn", text[:room]) if stream == "stderr" else text[:room])
        if self._shown > CELL_CHARACTERS:
            self._abridged = True
            self.note("More was printed: the panel has it.")

    def message(self, message: dict[str, Any]) -> None:
        """Shows a typed output."""
        output = message.get("output")
        if self._descriptor is None or output is None:
            return
        kind = output["type"]
        if kind == "value":
            self.text("stdout", _closed(output["text"]))
        elif kind == "image":
            self.note(f"[figure] {output['alt']} ({output['file']})")
        elif kind == "table":
            self._write("".join(line + "\n" for line in table_lines(output)))
            self.note(f"[table] {output['rowCount']:,} rows × {output['columnCount']} columns")
        elif kind == "error":
            self._fresh_line()
            self._write(self._paint("bad", _closed(output["traceback"] or f"{output['name']}: {output['message']}")))

    def status(self, number: int, status: str, duration_s: float) -> None:
        """Shows how the cell ended."""
        self._fresh_line()
        mark, style = {"ok": ("✓", "good"), "interrupted": ("■", "warn")}.get(status, ("✗", "bad"))
        word = "" if status == "ok" else f" {status}"
        self._line(self._paint(style, f"{mark} {number}{word}") + self._paint("dim", f" · {duration_s:.2f} s"))

    def note(self, text: str) -> None:
        """A sentence of the interpreter itself."""
        self._fresh_line()
        self._line(self._paint("dim", text))

    def typed(self) -> None:
        """The person pressed Enter: the terminal echoed a new line."""
        self._at_line_start = True

    def flush(self, timeout_s: float) -> None:
        """Waits until the terminal has taken everything, for `timeout_s` at most."""
        if self._descriptor is not None:
            self._idle.wait(timeout_s)

    def _paint(self, style: str, text: str) -> str:
        return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if self._colours and text else text

    def _fresh_line(self) -> None:
        if not self._at_line_start:
            self._write("\n")

    def _line(self, text: str) -> None:
        self._write(text + "\n")

    def _write(self, text: str) -> None:
        if self._descriptor is None or not text:
            return
        self._at_line_start = text.replace("\x1b[0m", "").endswith("\n")
        if self._size > BACKLOG_CHARACTERS:
            return
        self._idle.clear()
        self._size += len(text)
        self._queue.append(text)
        self._wake.set()

    def _run(self) -> None:
        shield_thread()
        while True:
            self._wake.wait()
            self._wake.clear()
            while self._queue:
                text = self._queue.popleft()
                self._size -= len(text)
                self._put(text.encode("utf-8", "replace"))
            self._size = 0
            self._idle.set()

    def _put(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            try:
                view = view[os.write(self._descriptor if self._descriptor is not None else 1, view[:4096]) :]
            except BlockingIOError:
                time.sleep(0.01)
            except OSError:
                return


def table_lines(table: dict[str, Any]) -> list[str]:
    """The first rows of a table output in aligned columns, cut to what fits a narrow terminal."""
    header = [column["name"] for column in table["columns"][:8]]
    body = [["" if cell is None else str(cell) for cell in row[:8]] for row in table["rows"][: TABLE_LINES - 2]]
    rows = [[_cut(cell.replace("\n", " "), 24) for cell in row] for row in [header, *body]]
    widths = [max(_width(row[index]) for row in rows) for index in range(len(header))]
    lines = ["  ".join(" " * (width - _width(cell)) + cell for cell, width in zip(row, widths)) for row in rows]
    if table["rowCount"] > len(body):
        lines.append("…")
    return lines


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def _width(text: str) -> int:
    import unicodedata

    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _closed(text: str) -> str:
    return text if text.endswith("\n") else text + "\n"
