"""Files that an interpreter has written beside its outputs, on their way to the window."""

import asyncio
import base64
import hashlib
from pathlib import Path
from typing import Any, Optional

from byzer_ray.blobs import ClusterBlobs

# Smaller ones travel in the body itself, larger ones by their hash.
INLINE_BYTES = 256 * 1024


def file_named_by(message: Any) -> Optional[str]:
    """The name of the file that an interpreter's message speaks of; None where it speaks of none."""
    output = message.get("output") if isinstance(message, dict) and message.get("t") == "output" else None
    if not isinstance(output, dict) or output.get("type") not in ("image", "truncation"):
        return None
    name = output.get("file")
    if not isinstance(name, str) or name in ("", ".", "..") or "/" in name or "\0" in name:
        return None
    return name


async def file_body(folder: Path, name: str, blobs: ClusterBlobs) -> Optional[dict[str, Any]]:
    """What the window is told of a file in `folder`; None where it is not there."""
    path = folder / name
    if path.is_symlink() or not path.is_file():
        return None
    content = await asyncio.to_thread(path.read_bytes)
    body: dict[str, Any] = {"name": name, "sizeBytes": len(content)}
    if len(content) <= INLINE_BYTES:
        body["sha256"] = hashlib.sha256(content).hexdigest()
        body["base64"] = base64.b64encode(content).decode("ascii")
    else:
        body["sha256"] = await blobs.put(content)
    return body
