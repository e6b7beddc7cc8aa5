"""How code in a child reaches the cluster that it runs on: by Ray's own variables, none of which is a secret.

The token itself is laid where they point only when code that uses Ray is about to run.
"""

import os
from collections.abc import Mapping
from pathlib import Path

import ray

_TOKEN_FILE = "ray-token"


def ray_access(environment: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Variables with which ``ray.init()`` in a child finds the cluster, once `open_ray_access` was called."""
    access = {"RAY_ADDRESS": ray.get_runtime_context().gcs_address}
    mode = environment.get("RAY_AUTH_MODE")
    if mode is None:
        return access
    return {**access, "RAY_AUTH_MODE": mode, "RAY_AUTH_TOKEN_PATH": str(folder / _TOKEN_FILE)}


def open_ray_access(environment: Mapping[str, str], folder: Path) -> None:
    """Lays the cluster's token into `folder`, for this user only: an environment is shown by many tools."""
    token = _token(environment)
    if token is None:
        return
    descriptor = os.open(folder / _TOKEN_FILE, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(token)


def _token(environment: Mapping[str, str]) -> "str | None":
    """As Ray itself looks for it; None where the cluster has none."""
    if environment.get("RAY_AUTH_MODE") is None:
        return None
    said = environment.get("RAY_AUTH_TOKEN")
    if said is not None:
        return said
    path = Path(environment.get("RAY_AUTH_TOKEN_PATH") or Path.home() / ".ray" / "auth_token")
    return path.read_text("utf-8").strip() if path.is_file() else None
