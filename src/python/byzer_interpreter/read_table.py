"""Reads one table by the call that its profile gives, in a process of its own, and says what came of it.

Started by ``reading_checks``: one JSON object comes in by standard input, one goes out by standard output.
"""

import json
import math
import os
import signal
import sys
from typing import Any, Optional

Reading = dict[str, Any]


def read_with_pandas(path: str, call: str, summed: list[bool]) -> Reading:
    """What pandas makes of the table: rows, names, missing values, and the sums of the columns that ``summed`` marks.

    ``magnitudes`` are the sums without signs, by which a difference of two sums is to be judged.
    """
    import pandas

    frame = eval(call, {"pd": pandas, "path": path})  # noqa: S307 - written by the profile, not by a model
    columns = [frame.iloc[:, index] for index in range(frame.shape[1])]
    pairs = [_sums(pandas, column) if wanted else (None, None) for column, wanted in zip(columns, summed)]
    return {
        "status": "read",
        "rows": len(frame),
        "names": [str(name) for name in frame.columns],
        "missing": [int(column.isna().sum()) for column in columns],
        "sums": [total for total, _ in pairs],
        "magnitudes": [magnitude for _, magnitude in pairs],
    }


def read_with_standard_library(path: str, statements: str) -> Reading:
    """What nothing but the standard library makes of it: rows and names; its cells are text, which nobody can add."""
    space: dict[str, Any] = {"path": path}
    exec(statements, space)  # noqa: S102 - written by the profile, not by a model
    rows = space["rows"]
    return {"status": "read", "rows": len(rows), "names": [str(name) for name in rows[0]] if rows else None}


def _sums(pandas: Any, column: Any) -> tuple[Optional[float], Optional[float]]:
    """The sum in floating point, which cannot overflow; nothing where the column holds what cannot be added."""
    try:
        values = pandas.to_numeric(column).to_numpy(dtype="float64", na_value=math.nan)
    except (TypeError, ValueError):
        return None, None
    known = values[values == values]
    total, magnitude = float(known.sum()), float(abs(known).sum())
    return (total, magnitude) if math.isfinite(magnitude) else (None, None)


def read(request: dict[str, Any]) -> Reading:
    """Carries ``request`` out. What lies in this computer and not in the table is no reading: ``unread``."""
    try:
        if request["pandas"] is not None:
            return read_with_pandas(request["path"], request["pandas"], request["summed"])
        return read_with_standard_library(request["path"], request["standardLibrary"])
    except (ImportError, MemoryError) as error:
        return {"status": "unread", "reason": f"{type(error).__name__}: {error}"}
    except Exception as error:  # noqa: BLE001 - whatever the call raises is what is told
        return {"status": "failed", "error": f"{type(error).__name__}: {error}"[:500]}


def _step_back(limit_s: int) -> None:
    """Gives way to cells, leaves their interrupts to them, and ends even where the session is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "alarm"):
        signal.alarm(limit_s)
    if hasattr(os, "nice"):
        os.nice(10)


def main() -> None:
    """Runs the program."""
    # Python puts this directory first on the path; nothing that the call imports may come from it.
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry) != here]
    # What a library prints must not get into the answer.
    answers = os.dup(1)
    os.dup2(2, 1)
    request = json.load(sys.stdin)
    _step_back(int(request["limitS"]))
    answer = json.dumps(read(request), ensure_ascii=True, allow_nan=False)
    with os.fdopen(answers, "wb") as out:
        out.write(answer.encode("ascii"))


if __name__ == "__main__":
    main()
