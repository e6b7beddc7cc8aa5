"""What this process does about its sandbox: takes its place in one, or makes one of the kernel's own means."""

import json
import os
import signal
import sys
from types import ModuleType
from typing import Any, Optional

Told = dict[str, Any]


def enter_sandbox(text: str) -> Optional[Told]:
    """Follows the host's instruction, a JSON object with ``by``, ``mode`` and ``temporary``.

    Returns what the host is told: what holds, or the reason why nothing does. None where none was asked for.
    To be called after connecting and before any thread or cell.
    """
    if not text:
        return None
    asked = json.loads(text)
    told: Told = {"by": asked["by"], "mode": asked["mode"], "problem": ""}
    if asked["by"] == "bubblewrap":
        _lead_own_group()
    if asked["by"] in ("bubblewrap", "landlock"):
        told["problem"] = _lock(asked)
    _use_temporary(asked["temporary"])
    return told


def _lock(asked: Told) -> str:
    """Returns why it could not be done; empty where it was."""
    from byzer_interpreter.landlock import LockError, lock, refuse_sockets

    network = asked["mode"] != "strict"
    try:
        if asked["by"] == "landlock":
            lock(asked["writable"], asked["hidden"], network)
        else:
            refuse_sockets(network)
    except (LockError, OSError) as error:
        return str(error)
    return ""


def fork_by_default(multiprocessing: ModuleType) -> None:
    """Keeps pools from starting through a server that is reached over a Unix socket, as Python 3.14 does."""
    multiprocessing.set_start_method("fork", force=True)  # type: ignore[attr-defined]


def describe_sandbox(told: Optional[Told]) -> str:
    """What holds the code, for the terminal; empty where nothing does."""
    if told is None or told["problem"]:
        return ""
    network = " and has no network" if told["mode"] == "strict" else ""
    where = "the session's folder" if told["mode"] == "strict" else "the workspace and the session's folder"
    return f"Sandbox: code writes in {where} only{network}."


def _lead_own_group() -> None:
    """Makes this process the leader of a group, in front of its terminal: Ctrl-C is for it, not for the sandbox."""
    os.setpgid(0, 0)
    before = signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    try:
        terminal = os.open("/dev/tty", os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        terminal = None
    if terminal is not None:
        try:
            os.tcsetpgrp(terminal, os.getpid())
        finally:
            os.close(terminal)
    signal.signal(signal.SIGTTOU, before)


def _use_temporary(folder: str) -> None:
    """Temporary files, and the settings and fonts of matplotlib, whose usual folder cannot be written."""
    os.environ["TMPDIR"] = os.environ["TEMP"] = os.environ["TMP"] = folder
    settings = os.path.join(folder, "matplotlib")
    os.makedirs(settings, exist_ok=True)
    for source in _matplotlib_files():
        _copy(source, settings)
    os.environ["MPLCONFIGDIR"] = settings


def _matplotlib_files() -> list[str]:
    """The list of fonts, which takes seconds to make, and the person's own settings."""
    home = os.path.expanduser("~")
    if sys.platform == "darwin":
        folders = [os.path.join(home, ".matplotlib")]
    else:
        cache = os.environ.get("XDG_CACHE_HOME") or os.path.join(home, ".cache")
        config = os.environ.get("XDG_CONFIG_HOME") or os.path.join(home, ".config")
        folders = [os.path.join(cache, "matplotlib"), os.path.join(config, "matplotlib")]
    named = os.environ.get("MPLCONFIGDIR")
    found: list[str] = []
    for folder in [named] if named else folders:
        try:
            names = os.listdir(folder)
        except OSError:
            continue
        wanted = (name for name in names if name == "matplotlibrc" or name.startswith("fontlist-"))
        found += [os.path.join(folder, name) for name in wanted]
    return found


def _copy(source: str, folder: str) -> None:
    try:
        with open(source, "rb") as file:
            content = file.read()
        with open(os.path.join(folder, os.path.basename(source)), "wb") as file:
            file.write(content)
    except OSError:
        return
