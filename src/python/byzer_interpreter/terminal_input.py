"""input(), sys.stdin and getpass: typed in the terminal, with the clock stopped while nobody has typed yet."""

import builtins
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any, Callable, Optional

from byzer_interpreter.outbox import Outbox
from byzer_interpreter.transcript import Transcript

NOBODY = (
    "nobody is there to type: this Python runs without a terminal. "
    "Write the value into the code instead of asking for it."
)


class TerminalInput(io.TextIOBase):
    """sys.stdin of the cells. Tells the host while it waits."""

    def __init__(self, source: Any, outbox: Outbox, transcript: Transcript) -> None:
        super().__init__()
        self._source = source
        self._outbox = outbox
        self._transcript = transcript
        self._typed = bool(source is not None and source.isatty() and transcript.visible)

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return "utf-8"

    @property
    def buffer(self) -> Any:
        return self._source.buffer

    def readable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return self._typed

    def fileno(self) -> int:
        return int(self._source.fileno())

    def readline(self, size: int = -1) -> str:  # type: ignore[override]
        with self.waiting():
            return str(self._source.readline(size))

    def read(self, size: Optional[int] = -1) -> str:
        with self.waiting():
            return str(self._source.read(size))

    def install(self) -> None:
        """Puts it in place, again before every cell: one may have rebound it."""
        sys.stdin = sys.__stdin__ = self  # type: ignore[assignment,misc]
        builtins.input = self.ask

    def ask(self, prompt: object = "") -> str:
        """The cells' input()."""
        if not self._typed:
            raise EOFError(NOBODY)
        if str(prompt):
            sys.stdout.write(str(prompt))
        line = self.readline()
        if not line:
            raise EOFError("the terminal was closed for input (Ctrl-D)")
        self._transcript.typed()
        return line.rstrip("\n")

    def forget_typed_ahead(self) -> None:
        """Drops what was typed while no cell asked for it."""
        if not self._typed or sys.platform == "win32":
            return
        import termios

        try:
            termios.tcflush(self._source.fileno(), termios.TCIFLUSH)
        except (termios.error, OSError):
            return

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Stops the cell's clock; what was printed so far appears first."""
        self._outbox.put({"t": "waiting", "waiting": True})
        self._outbox.settle()
        self._transcript.flush(0.5)
        try:
            yield
        finally:
            self._outbox.put({"t": "waiting", "waiting": False})

    def patch_getpass(self, module: ModuleType) -> None:
        """Makes getpass say why it cannot ask, and stop the clock where it can."""
        original: Callable[..., str] = module.getpass

        def getpass(prompt: str = "Password: ", *arguments: Any, **options: Any) -> str:
            if not self._typed:
                raise EOFError(NOBODY)
            with self.waiting():
                return original(prompt, *arguments, **options)

        module.getpass = getpass  # type: ignore[attr-defined]


def install_input(outbox: Outbox, transcript: Transcript) -> TerminalInput:
    """Replaces sys.stdin and input(); before the built-in functions are taken down as the real ones."""
    source = sys.stdin
    if source is None:
        source = open(os.devnull, encoding="utf-8")  # noqa: SIM115 - lives as long as the process
    terminal = TerminalInput(source, outbox, transcript)
    terminal.install()
    return terminal
