"""How code in a child reaches the cluster that it runs on: by Ray's own variables, none of which is a secret."""

import os
from collections.abc import Mapping
from pathlib import Path

import ray


def ray_access(environment: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Variables with which ``ray.init()`` in a child finds the cluster.

    A token of the cluster lies in a file in `folder`, for this user only: an environment is shown by many tools.
    """
    access = {"RAY_ADDRESS": ray.get_runtime_context().gcs_address}
    mode = environment.get("RAY_AUTH_MODE")
    if mode is None:
        return access
    access["RAY_AUTH_MODE"] = mode
    token = environment.get("RAY_AUTH_TOKEN")
    if token is not None:
        path = folder / "ray-token"
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(token)
        access["RAY_AUTH_TOKEN_PATH"] = str(path)
    elif "RAY_AUTH_TOKEN_PATH" in environment:
        access["RAY_AUTH_TOKEN_PATH"] = environment["RAY_AUTH_TOKEN_PATH"]
    return access
