"""The life of the process: connect, run cells one by one, leave when the host is gone."""

import importlib
import os
import signal
import sys
import threading
import time

# The module `queue` would load what nobody here needs, and the host waits for the greeting.
from _queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Optional

from byzer_interpreter.channel import Channel, Message
from byzer_interpreter.interrupts import InterruptGate, shield_thread
from byzer_interpreter.limits import MemoryLimit
from byzer_interpreter.outbox import Outbox, safe_name
from byzer_interpreter.packages import installed_here
from byzer_interpreter.sandbox import describe_sandbox, enter_sandbox, fork_by_default
from byzer_interpreter.settings import Settings, take_settings
from byzer_interpreter.streams import DescriptorCapture, Streams
from byzer_interpreter.transcript import Transcript

if TYPE_CHECKING:
    from byzer_interpreter.reading_checks import ReadingChecks
    from byzer_interpreter.sql_checks import SqlChecks

# The host kills what is left after two seconds.
LEAVE_WITHIN_S = 1.5


class Session:
    """Owns the parts. The main thread runs cells, a second one listens, a third one sends."""

    def __init__(self, settings: Settings, channel: Channel, memory: MemoryLimit, sandbox: str) -> None:
        self._settings = settings
        self._sandbox = sandbox
        self._channel = channel
        self._memory = memory
        self._pid = os.getpid()
        self._cells: SimpleQueue[Optional[Message]] = SimpleQueue()
        self._number = 0
        self._running: Optional[str] = None
        self._transcript = Transcript(_terminal())
        self._outbox = Outbox(channel, self._transcript, settings.output_directory)
        self._gate = InterruptGate(self._on_idle_interrupt)
        self._gate.install()
        self._streams = Streams(self._outbox)
        self._capture = DescriptorCapture(self._outbox) if os.name == "posix" else None
        if self._capture is not None:
            self._capture.follow_waiting()
        self._streams.install()
        self._ready = threading.Event()
        self._checks: Optional[ReadingChecks] = None
        self._sql: Optional[SqlChecks] = None

    def serve(self) -> None:
        """Runs until the host says goodbye or is gone."""
        self._outbox.start()
        threading.Thread(target=self._listen, name="byzer-listen", daemon=True).start()
        self._greet()
        self._prepare()
        while True:
            message = self._cells.get()
            if message is None:
                break
            number = message.get("number")
            self._number = number if isinstance(number, int) else self._number + 1
            self._run(str(message["cell"]), str(message["code"]))
        self._transcript.note("The session has ended; this terminal can be closed.")
        self._transcript.flush(0.3)
        self._end_children()

    def _greet(self) -> None:
        notes = self._sandbox
        if self._memory.limit_bytes > 0:
            limit = f"Memory limit: {self._memory.describe()}."
            if not self._memory.enforced:
                limit = "This system cannot limit the memory of a program: none is set."
            notes = f"{notes} {limit}".strip()
        self._transcript.banner(self._settings.title, notes, self._settings.node)

    def _prepare(self) -> None:
        """Loads what cells need, after the greeting: the host need not wait for it."""
        from byzer_interpreter.display import Display, print_as_notebooks_do
        from byzer_interpreter.figures import Pictures
        from byzer_interpreter.import_hooks import ImportHooks
        from byzer_interpreter.runner import Runner
        from byzer_interpreter.terminal_input import install_input

        self._pictures = Pictures(self._settings.output_directory, self._show, self._on_font)
        self._display = Display(self._show, self._pictures)
        self._input = install_input(self._outbox, self._transcript)
        self._runner = Runner(self._gate, self._display, self._pictures, self._memory)
        ImportHooks(
            {
                "matplotlib": self._pictures.adjust_matplotlib,
                "matplotlib.figure": self._pictures.adjust_figure,
                "matplotlib.pyplot": self._pictures.adjust_pyplot,
                "PIL.Image": self._pictures.adjust_pillow,
                "pandas": print_as_notebooks_do,
                "getpass": self._input.patch_getpass,
                **({"multiprocessing": fork_by_default} if self._sandbox and sys.platform.startswith("linux") else {}),
                "IPython.display": lambda module: setattr(module, "display", self._display.display),
            }
        ).install()
        self._ready.set()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(
                before=self._before_fork, after_in_parent=self._after_fork, after_in_child=self._after_fork_in_child
            )

    def _run(self, cell_id: str, code: str) -> None:
        self._outbox.begin(cell_id)
        self._streams.install()
        self._input.install()
        self._input.forget_typed_ahead()
        self._pictures.begin(f"cell-{safe_name(cell_id)}")
        self._display.begin()
        self._transcript.cell(self._number, code)
        start = time.perf_counter()
        ending = self._runner.run(cell_id, self._number, code)
        if os.getpid() != self._pid:
            self._leave_child(ending.output)
        if ending.output is not None:
            self._show(ending.output)
        if self._capture is not None:
            self._capture.drain()
        duration_s = time.perf_counter() - start
        self._running = None
        self._gate.install()
        done = {"t": "done", "cell": cell_id, "status": ending.status, "durationMs": round(duration_s * 1000, 3)}
        self._outbox.end(done)
        self._transcript.status(self._number, ending.status, duration_s)

    def _show(self, output: dict[str, Any]) -> None:
        self._outbox.put({"t": "output", "cell": self._running, "output": output})

    def _on_font(self, name: str) -> None:
        self._outbox.put({"t": "font", "name": name})

    def _on_idle_interrupt(self) -> None:
        if self._running is None:
            self._transcript.note("\nNothing is running. Close the terminal to end the session.")

    def _listen(self) -> None:
        shield_thread()
        try:
            for message in self._channel.messages():
                if not self._receive(message):
                    break
        finally:
            self._leave()

    def _receive(self, message: Message) -> bool:
        kind = message["t"]
        if kind == "run":
            self._running = str(message["cell"])
            self._cells.put(message)
        elif kind == "interrupt" and message["cell"] == self._running:
            self._gate.request(str(message["cell"]), str(message["reason"]))
        elif kind == "check-reading":
            self._begin_check(message)
        elif kind == "stop-check" and self._checks is not None:
            self._checks.stop(message["id"])
        elif kind == "check-sql":
            self._ready.wait()
            self._begin_sql(message)
        elif kind == "refresh":
            importlib.invalidate_caches()
            self._channel.send({"t": "refreshed", "id": message["id"], "packages": installed_here()})
        elif kind == "inspect":
            self._ready.wait()
            self._inspect(message)
        return bool(kind != "close")

    def _begin_check(self, message: Message) -> None:
        if self._checks is None:
            from byzer_interpreter.reading_checks import ReadingChecks

            self._checks = ReadingChecks(self._channel.send)
        self._checks.begin(message)

    def _begin_sql(self, message: Message) -> None:
        if self._sql is None:
            from byzer_interpreter.sql_checks import SqlChecks

            self._sql = SqlChecks(self._channel.send, self._runner.module.__dict__)
        self._sql.begin(message)

    def _inspect(self, message: Message) -> None:
        from byzer_interpreter.effects import inspect_code

        answer = inspect_code(str(message["code"]), self._runner.module.__dict__)
        self._channel.send({"t": "inspection", "id": message["id"], "inspection": answer})

    def _leave(self) -> None:
        """Ends the process soon, whatever a cell does."""
        self._cells.put(None)
        if self._running is not None:
            self._gate.request(self._running, "stop")
        time.sleep(LEAVE_WITHIN_S)
        self._end_children()
        os._exit(0)

    def _end_children(self) -> None:
        """Ends what cells have started and left running in this process group, and what reads tables beside them."""
        if self._checks is not None and os.getpid() == self._pid:
            self._checks.end()
        if os.name == "posix" and os.getpgrp() == os.getpid() == self._pid:
            if threading.current_thread() is threading.main_thread():
                # The group includes this process, which still has its own tidying to do.
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
            os.killpg(os.getpgrp(), signal.SIGTERM)

    def _before_fork(self) -> None:
        self._outbox.lock.acquire()
        self._streams.flush()

    def _after_fork(self) -> None:
        self._outbox.lock.release()

    def _after_fork_in_child(self) -> None:
        self._outbox.lock.release()
        self._channel.close_in_child()
        self._streams.after_fork_in_child()

    def _leave_child(self, output: Optional[dict[str, Any]]) -> None:
        """A forked child that reached the end of the cell must not go on as a second interpreter."""
        if output is not None:
            sys.stderr.write(output["traceback"] + "\n")
        self._streams.flush()
        os._exit(0 if output is None else 1)


def main() -> None:
    """Runs the program."""
    settings = take_settings()
    directory = os.getcwd()
    memory = MemoryLimit(settings.memory_limit_bytes)
    channel = Channel(settings.port, settings.socket)
    sandbox = enter_sandbox(settings.sandbox)
    channel.send(
        {
            "t": "hello",
            "token": settings.token,
            "pid": os.getpid(),
            "version": ".".join(str(part) for part in sys.version_info[:3]),
            "executable": sys.executable,
            "packages": installed_here(),
            "memoryLimited": memory.enforced,
            "memoryBytes": memory.room_bytes(),
            "sandbox": sandbox,
        }
    )
    _prepare_environment(directory)
    Session(settings, channel, memory, describe_sandbox(sandbox)).serve()


def _prepare_environment(directory: str) -> None:
    """What cells find: their working `directory` last on the path, so that a file there named like a standard or an
    installed module shadows nothing; UTF-8 and no windows for children too."""
    sys.path.append(directory)
    sys.argv = [""]
    os.environ["PYTHONUTF8"] = "1"
    os.environ["MPLBACKEND"] = "Agg"
    os.environ.pop("PYTHONINSPECT", None)
    if hasattr(signal, "SIGTSTP"):
        # Ctrl-Z would stop a program that no shell could continue.
        signal.signal(signal.SIGTSTP, signal.SIG_IGN)


def _terminal() -> Optional[int]:
    """A descriptor of the terminal that stays when 1 and 2 are captured; None without a terminal."""
    if not os.isatty(1):
        return None
    return os.dup(1)
