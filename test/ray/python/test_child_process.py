"""Children end with whoever owns them, can be interrupted, and say how they ended."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from byzer_ray.child_process import ChildProcess, Launch, Terminal, start_in_terminal, start_with_pipes
from byzer_ray.environment import child_environment


def launch(code: str) -> Launch:
    """A Python that runs `code`."""
    return Launch([sys.executable, "-c", textwrap.dedent(code)], child_environment(os.environ, 1), "/")


def is_alive(pid: int) -> bool:
    """Whether there is such a process that is no zombie."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


async def until_dead(pid: int, patience_s: float) -> bool:
    """Whether the process is gone before `patience_s` is over."""
    deadline = time.monotonic() + patience_s
    while is_alive(pid) and time.monotonic() < deadline:
        await asyncio.sleep(0.05)
    return not is_alive(pid)


async def test_lines_go_both_ways_and_the_exit_code_is_told() -> None:
    """Over plain pipes."""
    child, pipes = await start_with_pipes(
        launch("import sys\nfor line in sys.stdin: print(line.strip()[::-1], flush=True)\nsys.exit(3)"), 1 << 20
    )
    pipes.writer.write(b"abc\n")
    assert await pipes.output.readline() == b"cba\n"
    pipes.writer.close()
    assert await child.ended == 3


async def test_a_program_that_is_not_there_says_so() -> None:
    """On its standard error, with the code of a shell."""
    child, pipes = await start_with_pipes(Launch(["/no/such/program"], {}, "/"), 1 << 16)
    assert b"/no/such/program: No such file" in await pipes.errors.readline()
    assert await child.ended == 127


async def test_a_signal_is_told_as_a_negative_code() -> None:
    """As subprocess does."""
    child, _ = await start_with_pipes(launch("import time; time.sleep(60)"), 1 << 16)
    child.kill()
    assert await child.ended == -signal.SIGKILL


async def test_an_interrupt_arrives_although_this_process_blocks_it() -> None:
    """Ray's workers block SIGINT, and children inherit that."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        child, pipes = await start_with_pipes(
            launch("""
                import time
                try:
                    print("up", flush=True)
                    time.sleep(60)
                except KeyboardInterrupt:
                    print("interrupted", flush=True)
            """),
            1 << 16,
        )
        assert await pipes.output.readline() == b"up\n"
        child.interrupt()
        assert await asyncio.wait_for(pipes.output.readline(), 10) == b"interrupted\n"
        assert await child.ended == 0
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


async def test_a_terminal_carries_output_and_what_is_typed() -> None:
    """With its size, and as the terminal that controls the child."""
    terminal = Terminal(columns=77, rows=11)
    child = await start_in_terminal(
        launch("""
            import os
            open("/dev/tty").close()
            print(os.get_terminal_size().columns, os.tcgetpgrp(0) == os.getpid(), input())
        """),
        terminal,
    )
    seen = bytearray()
    terminal.listen(seen.extend)
    terminal.type("typed\n")
    assert await child.ended == 0
    deadline = time.monotonic() + 5
    while b"typed\r\n77" not in seen and time.monotonic() < deadline:
        await asyncio.sleep(0.02)
    assert b"77 True typed" in seen
    terminal.close()


async def test_end_waits_first_and_kills_then() -> None:
    """A child that ignores everything is ended all the same."""
    child, pipes = await start_with_pipes(
        launch("import signal, time; signal.signal(15, signal.SIG_IGN); print(1, flush=True); time.sleep(60)"), 1 << 16
    )
    await pipes.output.readline()
    await child.end(0.1)
    assert child.ended.result() == -signal.SIGKILL


OWNER = """
import asyncio, os, sys
sys.path.insert(0, {path!r})
from byzer_ray.child_process import Launch, start_with_pipes

async def main():
    code = {code!r}
    child, pipes = await start_with_pipes(Launch([sys.executable, "-c", code], dict(os.environ), "/"), 1 << 16)
    print(child.pid, (await pipes.output.readline()).decode().strip(), flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


@pytest.mark.parametrize("stubborn", [False, True])
async def test_a_child_and_what_it_started_do_not_outlive_an_owner_that_was_killed(stubborn: bool) -> None:
    """The owner had no time to tidy; the child does not read its input, and may ignore what it is asked."""
    ignore = "signal.signal(signal.SIGTERM, signal.SIG_IGN);" if stubborn else ""
    code = (
        f"import signal, subprocess, time; {ignore} grandchild = subprocess.Popen(['sleep', '60']);"
        "print(grandchild.pid, flush=True); time.sleep(60)"
    )
    path = str(Path(__file__).parents[3] / "src" / "python")
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER.format(path=path, code=code)], stdout=subprocess.PIPE, text=True
    )
    assert owner.stdout is not None
    child, grandchild = (int(word) for word in owner.stdout.readline().split())
    try:
        assert is_alive(child)
        assert is_alive(grandchild)
        owner.kill()
        owner.wait()
        assert await until_dead(child, 15)
        assert await until_dead(grandchild, 5)
    finally:
        owner.stdout.close()
        for pid in (child, grandchild):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


async def test_what_a_child_left_running_ends_with_it() -> None:
    """In its group."""
    child, pipes = await start_with_pipes(
        launch("import subprocess; print(subprocess.Popen(['sleep', '60']).pid, flush=True)"), 1 << 16
    )
    grandchild = int(await pipes.output.readline())
    assert await child.ended == 0
    assert await until_dead(grandchild, 5)


def test_no_key_reaches_a_child() -> None:
    """Whatever its name."""
    given = {
        "PATH": "/bin",
        "RAY_AUTH_TOKEN": "canary",
        "OPENAI_API_KEY": "canary",
        "LANG": "sk-canarycanarycanarycanary",
        "HTTPS_PROXY": "http://user:canary@proxy:3128",
        "RAY_ADDRESS": "canary",
        "OMP_NUM_THREADS": "1",
    }
    kept = child_environment(given, 4)
    assert "canary" not in str(kept)
    assert kept["PATH"] == "/bin"
    assert kept["OMP_NUM_THREADS"] == "4"


async def test_a_child_process_is_one_process_group() -> None:
    """So that an interrupt reaches what a cell has started, too."""
    child, pipes = await start_with_pipes(launch("import os; print(os.getpgrp() == os.getpid(), flush=True)"), 1 << 16)
    assert isinstance(child, ChildProcess)
    assert await pipes.output.readline() == b"True\n"
    await child.ended
