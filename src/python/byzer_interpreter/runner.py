"""Runs cells in one namespace that lives as long as the process."""

import builtins
import inspect
import sys
from types import CodeType, ModuleType
from typing import Any, NamedTuple, Optional

from byzer_interpreter.display import Display
from byzer_interpreter.errors import error_output, plain_error
from byzer_interpreter.figures import Pictures
from byzer_interpreter.interrupts import InterruptGate
from byzer_interpreter.limits import MemoryLimit
from byzer_interpreter.source import CellCode, compile_cell

Output = dict[str, Any]


class Ending(NamedTuple):
    """How a cell ended: ``ok``, ``error`` or ``interrupted``, and what is said about it."""

    status: str
    output: Optional[Output]


class Runner:
    """Holds the namespace: a real ``__main__`` module, so that classes of cells can be pickled."""

    def __init__(self, gate: InterruptGate, display: Display, pictures: Pictures, memory: MemoryLimit) -> None:
        self._gate = gate
        self._display = display
        self._pictures = pictures
        self._memory = memory
        self._loop: Any = None
        self.module = ModuleType("__main__", "The cells of this session.")
        sys.modules["__main__"] = self.module
        self.module.__dict__["__builtins__"] = builtins
        self.module.__dict__["__annotations__"] = {}
        builtins.display = display.display  # type: ignore[attr-defined]
        self._builtins = dict(vars(builtins))

    def run(self, cell_id: str, number: int, code: str) -> Ending:
        """Runs one cell. Interrupts pass only inside; nothing that the cell raises gets out."""
        self._gate.begin(cell_id)
        try:
            try:
                self._gate.active = True
                self._gate.check()
                self._execute(compile_cell(code, f"<cell {number}>"))
                self._pictures.capture_open()
            finally:
                self._gate.end()
        except BaseException as error:  # noqa: BLE001 - whatever a cell raises ends the cell only
            self._gate.end()
            ending = self._explain(error)
        else:
            ending = Ending("ok", None)
        if ending.status != "ok":
            self._show_drawn()
        self._restore_builtins()
        return ending

    def _execute(self, cell: CellCode) -> None:
        self._evaluate(cell.body)
        if cell.last is not None:
            self._display.last_value(self._evaluate(cell.last), cell.last_name)

    def _evaluate(self, code: CodeType) -> Any:
        result = eval(code, self.module.__dict__)  # noqa: S307 - running the person's code is what this is for
        if code.co_flags & inspect.CO_COROUTINE:
            return self._await(result)
        return result

    def _await(self, coroutine: Any) -> Any:
        """Runs a cell with a top-level await on one loop that lives on between cells."""
        import asyncio

        if self._loop is None or self._loop.is_closed():
            self._loop = asyncio.new_event_loop()
            asyncio.set_event_loop(self._loop)
        task = self._loop.create_task(coroutine)
        try:
            return self._loop.run_until_complete(task)
        except BaseException:
            if not task.done():
                task.cancel()
                self._loop.run_until_complete(asyncio.gather(task, return_exceptions=True))
            raise

    def _explain(self, error: BaseException) -> Ending:
        if isinstance(error, KeyboardInterrupt):
            if self._gate.reason != "timeout":
                return Ending("interrupted", None)
            message = "The cell ran longer than its time limit and was interrupted. Variables set so far are kept."
            return Ending("interrupted", error_output(error, "TimeoutError", message))
        if isinstance(error, SystemExit):
            return _explain_exit(error)
        if isinstance(error, MemoryError):
            with self._memory.lifted():
                limit = f" The limit is {self._memory.describe()}." if self._memory.enforced else ""
                message = f"Python ran out of memory.{limit} Read or keep less at a time. {error}".strip()
                return Ending("error", error_output(error, "MemoryError", message))
        return Ending("error", error_output(error))

    def _show_drawn(self) -> None:
        """Figures drawn before an error are shown; a figure that cannot be drawn must not hide the error."""
        try:
            self._pictures.capture_open()
        except Exception as error:  # noqa: BLE001 - the cell's own error is told already
            print(f"A figure could not be drawn: {error!r}", file=sys.stderr)

    def _restore_builtins(self) -> None:
        """A cell may replace built-in functions for itself; the next one gets the real ones."""
        for name, value in self._builtins.items():
            if getattr(builtins, name, None) is not value:
                setattr(builtins, name, value)


def _explain_exit(error: SystemExit) -> Ending:
    if error.code is None or error.code == 0:
        sys.stdout.write("sys.exit() ended this cell; the session goes on.\n")
        return Ending("ok", None)
    return Ending("error", plain_error("SystemExit", f"The cell ended itself with exit code {error.code}."))
