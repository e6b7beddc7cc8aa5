"""A program that an actor owns: started under a supervisor, so that it ends with the actor, however that ends."""

import asyncio
import contextlib
import fcntl
import os
import pty
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Optional

_SUPERVISOR = str(Path(__file__).with_name("supervise.py"))
_READ_BYTES = 65536


@dataclass(frozen=True)
class Launch:
    """What is started, and where."""

    command: Sequence[str]
    environment: Mapping[str, str]
    directory: str


class ChildProcess:
    """A running program. `ended` resolves with its exit code: negative for a signal, None where nobody can tell."""

    def __init__(self, supervisor: "subprocess.Popen[bytes]", status: asyncio.StreamReader, pid: int) -> None:
        self.pid = pid
        self._supervisor = supervisor
        self.ended: asyncio.Task[Optional[int]] = asyncio.ensure_future(self._wait(status))

    def interrupt(self) -> None:
        """Ctrl-C."""
        self._signal(signal.SIGINT)

    def kill(self) -> None:
        """Ends it and all that it has started, at once."""
        self._signal(signal.SIGKILL)

    async def end(self, patience_s: float) -> None:
        """Gives it `patience_s` to leave, then ends it. Returns when it has ended."""
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(asyncio.shield(self.ended), patience_s)
        if not self.ended.done():
            self.kill()
            await self.ended

    def _signal(self, number: signal.Signals) -> None:
        if not self.ended.done():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, number)

    async def _wait(self, status: asyncio.StreamReader) -> Optional[int]:
        line = await status.readline()
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(None, self._supervisor.wait)
        if self._supervisor.stdin is not None:
            self._supervisor.stdin.close()
        return int(line) if line else None


class Terminal:
    """The master of a pseudo-terminal whose slave a child has."""

    def __init__(self, columns: int, rows: int) -> None:
        self._master, self.slave = pty.openpty()
        os.set_blocking(self._master, False)
        self._unwritten = b""
        self.resize(columns, rows)

    def resize(self, columns: int, rows: int) -> None:
        """Tells the child how much the person sees."""
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def listen(self, on_text: Callable[[bytes], None]) -> None:
        """From now on calls `on_text` with what the child writes, until all that have the slave are gone."""
        asyncio.get_running_loop().add_reader(self._master, self._read, on_text)

    def type(self, text: str) -> None:
        """Hands the child what was typed; what it does not take at once it gets later."""
        idle = not self._unwritten
        self._unwritten += text.encode("utf-8", "surrogatepass")
        if idle:
            self._write()

    def close(self) -> None:
        """Lets go of it."""
        if self._master >= 0:
            loop = asyncio.get_running_loop()
            loop.remove_reader(self._master)
            loop.remove_writer(self._master)
            os.close(self._master)
            self._master = -1

    def _read(self, on_text: Callable[[bytes], None]) -> None:
        try:
            data = os.read(self._master, _READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data:
            on_text(data)
        else:
            self.close()

    def _write(self) -> None:
        if self._master < 0:
            return
        loop = asyncio.get_running_loop()
        try:
            self._unwritten = self._unwritten[os.write(self._master, self._unwritten) :]
        except BlockingIOError:
            pass
        except OSError:
            self._unwritten = b""
        if self._unwritten:
            loop.add_writer(self._master, self._write)
        else:
            loop.remove_writer(self._master)


async def start_in_terminal(launch: Launch, terminal: Terminal) -> ChildProcess:
    """Starts a program whose standard descriptors are `terminal`. Raises OSError where that cannot be done."""
    try:
        return await _start(launch, {"BYZER_TERMINAL": terminal.slave}, subprocess.DEVNULL)
    finally:
        os.close(terminal.slave)


class Pipes:
    """The standard input, output and error of a child, at the actor's end."""

    def __init__(
        self, writer: asyncio.StreamWriter, output: asyncio.StreamReader, errors: asyncio.StreamReader
    ) -> None:
        self.writer = writer
        self.output = output
        self.errors = errors


async def start_with_pipes(launch: Launch, line_limit_bytes: int) -> "tuple[ChildProcess, Pipes]":
    """Starts a program that speaks over its standard input and output. Raises OSError where that cannot be done."""
    child_input, own_input = os.pipe()
    own_output, child_output = os.pipe()
    own_errors, child_errors = os.pipe()
    try:
        passed = {"BYZER_INPUT": child_input, "BYZER_OUTPUT": child_output}
        child = await _start(launch, passed, child_errors)
    finally:
        for descriptor in (child_input, child_output, child_errors):
            os.close(descriptor)
    writer = await _writer(own_input)
    output = await _reader(own_output, line_limit_bytes)
    return child, Pipes(writer, output, await _reader(own_errors, _READ_BYTES))


async def _start(launch: Launch, passed: Mapping[str, int], errors: int) -> ChildProcess:
    # Not Ray's, which may start processes through a wrapper that sets an environment again.
    supervisor = subprocess.Popen(  # noqa: S603 - the command is ours
        [sys.executable, "-I", "-S", _SUPERVISOR, *launch.command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        cwd=launch.directory,
        env={**launch.environment, **{name: str(descriptor) for name, descriptor in passed.items()}},
        pass_fds=tuple(passed.values()),
    )
    assert supervisor.stdout is not None  # noqa: S101 - a pipe was asked for
    status = await _reader(os.dup(supervisor.stdout.fileno()), _READ_BYTES)
    supervisor.stdout.close()
    line = await status.readline()
    if not line:
        supervisor.wait()
        raise OSError(f"{launch.command[0]} could not be started")
    return ChildProcess(supervisor, status, int(line))


async def _reader(descriptor: int, limit_bytes: int) -> asyncio.StreamReader:
    reader = asyncio.StreamReader(limit=limit_bytes)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(descriptor, "rb", 0))
    return reader


async def _writer(descriptor: int) -> asyncio.StreamWriter:
    loop = asyncio.get_running_loop()
    transport, protocol = await loop.connect_write_pipe(
        asyncio.streams.FlowControlMixin, os.fdopen(descriptor, "wb", 0)
    )
    return asyncio.StreamWriter(transport, protocol, None, loop)
