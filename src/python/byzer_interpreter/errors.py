"""Errors of cells, told from the person's code on."""

import os
import traceback
from typing import Any, Optional

MAX_TRACEBACK_CHARACTERS = 20_000
MAX_MESSAGE_CHARACTERS = 4_000
_OURS = os.path.dirname(os.path.abspath(__file__)) + os.sep


def error_output(error: BaseException, name: Optional[str] = None, message: Optional[str] = None) -> dict[str, Any]:
    """The error output of `error`, without frames of the interpreter. `name` and `message` replace its own."""
    told = traceback.TracebackException.from_exception(error)
    _strip(told, set())
    text = "".join(told.format())
    if len(text) > MAX_TRACEBACK_CHARACTERS:
        half = MAX_TRACEBACK_CHARACTERS // 2
        text = f"{text[:half]}\n…\n{text[-half:]}"
    return {
        "type": "error",
        "name": name or type(error).__name__,
        "message": (message or _message(error))[:MAX_MESSAGE_CHARACTERS],
        "traceback": text.rstrip("\n"),
    }


def plain_error(name: str, message: str) -> dict[str, Any]:
    """An error output without a traceback."""
    return {"type": "error", "name": name, "message": message, "traceback": ""}


def _message(error: BaseException) -> str:
    if isinstance(error, SyntaxError) and error.lineno is not None:
        return f"{error.msg} (line {error.lineno})"
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - the person's class may fail in any way
        return "(the error cannot say what it is: its __str__ failed)"


def _strip(told: Any, seen: set) -> None:
    """Drops the interpreter's frames from `told` and from everything it was raised from."""
    if told is None or id(told) in seen:
        return
    seen.add(id(told))
    kept = [frame for frame in told.stack if not frame.filename.startswith((_OURS, "<frozen importlib"))]
    told.stack[:] = kept
    _strip(told.__cause__, seen)
    _strip(told.__context__, seen)
    for part in getattr(told, "exceptions", None) or ():
        _strip(part, seen)
