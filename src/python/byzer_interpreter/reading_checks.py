"""Tries the reading calls of the session's files, each in a process beside this one: no variable and no import of the
cells is touched, and it can be ended at once."""

import json
import os
import subprocess
import sys
import threading
from typing import Any, Callable

from byzer_interpreter.channel import Message
from byzer_interpreter.interrupts import shield_thread

_PROGRAM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "read_table.py")


class ReadingChecks:
    """Answers every request once; any thread may ask. Processes inherit sandbox and memory limit."""

    def __init__(self, send: Callable[[Message], None]) -> None:
        self._send = send
        self._lock = threading.Lock()
        self._running: dict[Any, subprocess.Popen[bytes]] = {}
        self._stopped: set[Any] = set()
        self._ended = False

    def begin(self, request: Message) -> None:
        """Starts to read; the answer is sent when it has ended."""
        threading.Thread(target=self._check, args=(request,), name="byzer-check", daemon=True).start()

    def stop(self, request_id: Any) -> None:
        """Ends the reading for that request, or keeps it from beginning."""
        with self._lock:
            self._stopped.add(request_id)
            process = self._running.get(request_id)
        if process is not None:
            process.kill()

    def end(self) -> None:
        """Ends all that run; none begins any more."""
        with self._lock:
            self._ended = True
            running = list(self._running.values())
        for process in running:
            process.kill()

    def _check(self, request: Message) -> None:
        shield_thread()
        try:
            reading = self._read(request)
        except (OSError, ValueError) as error:
            reading = {"status": "unread", "reason": repr(error)}
        self._send({"t": "reading", "id": request["id"], "reading": reading})

    def _read(self, request: Message) -> dict[str, Any]:
        request_id = request["id"]
        with self._lock:
            if self._ended or request_id in self._stopped:
                return {"status": "unread", "reason": "stopped"}
            process = _start()
            self._running[request_id] = process
        try:
            told, _ = process.communicate(json.dumps(request).encode("ascii"), timeout=request["limitS"])
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return {"status": "unread", "reason": "it took too long"}
        finally:
            with self._lock:
                del self._running[request_id]
                self._stopped.discard(request_id)
        if process.returncode != 0 or not told:
            return {"status": "unread", "reason": f"it ended with exit code {process.returncode}"}
        reading: dict[str, Any] = json.loads(told)
        return reading


def _start() -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-X", "utf8", _PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
