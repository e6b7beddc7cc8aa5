"""Ctrl-C in the terminal and the interrupt from the host, both as KeyboardInterrupt in the running cell."""

import os
import signal
import sys
import threading
import time
from types import FrameType
from typing import Callable, Optional

# A system call such as os.system() ignores the first signal; a destructor swallows it.
_RETRIES_AFTER_S = (0.08, 0.3, 0.8)


class InterruptGate:
    """Lets an interrupt through only while a person's code runs: the interpreter itself is never torn apart.

    ``active`` is set and cleared by the main thread around a cell. ``pid`` tells a forked child apart, in which an
    interrupt behaves as in any Python.
    """

    def __init__(self, on_idle: Callable[[], None]) -> None:
        self.active = False
        self.reason = "stop"
        self._on_idle = on_idle
        self._pid = os.getpid()
        self._cell: Optional[str] = None
        self._wanted: Optional[str] = None
        self._delivered = False
        self._main = threading.main_thread().ident

    def install(self) -> None:
        """Takes SIGINT over, again after a cell that changed it. Main thread only."""
        signal.signal(signal.SIGINT, self._handle)

    def begin(self, cell_id: str) -> None:
        """Says which cell is next; called before the cell's code, while interrupts are still held back."""
        self._cell = cell_id
        self._delivered = False
        self.reason = "stop"
        self.install()

    def check(self) -> None:
        """Raises KeyboardInterrupt when this cell was interrupted before it began."""
        if self._wanted is not None and self._wanted == self._cell:
            raise KeyboardInterrupt

    def end(self) -> None:
        """The cell is over: later interrupts for it go nowhere."""
        self.active = False
        self._cell = None

    def request(self, cell_id: str, reason: str) -> None:
        """Interrupts `cell_id`, now or as soon as it starts. Any thread; returns at once."""
        self._wanted = cell_id
        self.reason = reason
        threading.Thread(target=self._insist, args=(cell_id,), daemon=True).start()

    def _insist(self, cell_id: str) -> None:
        self._signal(cell_id)
        for pause in _RETRIES_AFTER_S:
            time.sleep(pause)
            self._signal(cell_id)

    def _signal(self, cell_id: str) -> None:
        if not self.active or self._cell != cell_id:
            return
        if sys.platform == "win32":
            # raise() runs the C handler, which also wakes time.sleep(); interrupt_main() would not.
            signal.raise_signal(signal.SIGINT)
            return
        if os.getpgrp() == os.getpid() and not self._delivered:
            # As the terminal does: children of the cell get it too.
            os.killpg(os.getpgrp(), signal.SIGINT)
        elif self._main is not None:
            signal.pthread_kill(self._main, signal.SIGINT)

    def _handle(self, _signum: int, _frame: Optional[FrameType]) -> None:
        if os.getpid() != self._pid:
            raise KeyboardInterrupt
        if self.active:
            self._delivered = True
            raise KeyboardInterrupt
        self._on_idle()


def shield_thread() -> None:
    """Keeps SIGINT away from the calling thread, so that the kernel hands it to the main thread."""
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
