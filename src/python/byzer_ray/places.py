"""Where things of ours lie on a node: inside the folder of Ray's session, for this user only."""

import os
import re
from pathlib import Path

import ray


def session_folder() -> Path:
    """Of this cluster's session, on this node. Needs a connection to Ray."""
    context = ray.get_runtime_context()
    return _made(Path(context.get_temp_dir()) / context.get_session_name() / "byzer")


def node_folder() -> Path:
    """Of this node alone: several nodes may share a machine and its folders."""
    return _made(session_folder() / ray.get_runtime_context().get_node_id())


def child_folder(kind: str, name: str, epoch: str) -> Path:
    """Of one life of one child, on this node."""
    return _made(node_folder() / kind / re.sub(r"[^A-Za-z0-9_.-]", "_", f"{name}-{epoch}"))


def inside(folder: Path, relative: str) -> Path:
    """The path of `relative`, with slashes, below `folder`.

    Raises ValueError where it is absolute, leads out, or passes a link: whoever names it may only write below it.
    """
    parts = relative.split("/")
    if not relative or "\\" in relative or "\0" in relative or any(part in ("", ".", "..") for part in parts):
        raise ValueError(f"not a path below the folder: {relative!r}")
    path = folder
    for part in parts:
        path = path / part
        if path.is_symlink():
            raise ValueError(f"a link is on the way: {relative!r}")
    return path


def _made(folder: Path) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.chmod(folder, 0o700)
    return folder
