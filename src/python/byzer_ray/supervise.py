"""Runs one program as the leader of a session of its own, and never outlives whoever started it.

Started as ``python -I -S supervise.py PROGRAM ARGUMENTS…`` with its standard input a pipe that nobody writes to: when
the other end is gone (an actor that was killed has no time to tidy), the program's group is ended. Its standard output
is a pipe too: one line with the program's process id as soon as it runs, then, when it has ended, one with its exit
code (negative: a signal). With ``BYZER_TERMINAL`` the program's descriptors 0, 1 and 2 are that descriptor, a terminal,
which it controls; without, 0 and 1 are ``BYZER_INPUT`` and ``BYZER_OUTPUT``, and 2 is this program's own.
"""

import os
import select
import signal
import sys

# How long the program may take to leave by itself after whoever started it is gone, then after it was asked to.
LEAVE_WITHIN_S = 3.0
END_WITHIN_S = 1.0
_OPTIONS = ("BYZER_TERMINAL", "BYZER_INPUT", "BYZER_OUTPUT")


def main() -> None:
    """Runs the program named on the command line."""
    options = {name: int(os.environ.pop(name)) for name in _OPTIONS if name in os.environ}
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda _signum, _frame: None)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    running, run = os.pipe()
    child = os.fork()
    if child == 0:
        _become(sys.argv[1:], options, run)
    os.close(run)
    # Comes to its end when the program has replaced the fork: only then does a signal reach its group.
    os.read(running, 1)
    os.close(running)
    for descriptor in options.values():
        os.close(descriptor)
    _say(f"{child}")
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
    status = _wait(child, woken)
    # What the program has started and left running.
    _signal_group(child, signal.SIGKILL)
    _say(f"{-os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)}")


def _become(command: "list[str]", options: "dict[str, int]", run: int) -> None:
    """Turns this process, a fork, into the program, which closes `run`. Never returns."""
    try:
        os.setsid()
        if "BYZER_TERMINAL" in options:
            _take_terminal(options["BYZER_TERMINAL"])
        else:
            os.dup2(options["BYZER_INPUT"], 0)
            os.dup2(options["BYZER_OUTPUT"], 1)
        # Whoever runs this has blocked signals that the program lives by.
        signal.pthread_sigmask(signal.SIG_SETMASK, set())
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        for descriptor in range(3, 256):
            if descriptor != run:
                _close(descriptor)
        os.execvp(command[0], command)
    except OSError as error:
        os.write(2, f"{command[0]}: {error.strerror}\n".encode())
    finally:
        os._exit(127)


def _close(descriptor: int) -> None:
    try:
        os.close(descriptor)
    except OSError:
        return


def _take_terminal(terminal: int) -> None:
    import fcntl
    import termios

    fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
    for descriptor in (0, 1, 2):
        os.dup2(terminal, descriptor)


def _wait(child: int, woken: int) -> int:
    """Waits for the program and returns its wait status; ends it when the standard input has come to its end."""
    patience_s = None
    next_signal = None
    while True:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid == child:
            return status
        watched = [woken] if next_signal is not None else [woken, 0]
        ready, _, _ = select.select(watched, [], [], patience_s)
        if woken in ready:
            os.read(woken, 4096)
        elif 0 in ready:
            next_signal, patience_s = signal.SIGTERM, LEAVE_WITHIN_S
        elif next_signal is not None:
            _signal_group(child, next_signal)
            next_signal, patience_s = signal.SIGKILL, END_WITHIN_S


def _signal_group(leader: int, number: signal.Signals) -> None:
    try:
        os.killpg(leader, number)
    except (ProcessLookupError, PermissionError):
        return


def _say(line: str) -> None:
    try:
        os.write(1, f"{line}\n".encode())
    except OSError:
        return


if __name__ == "__main__":
    main()
