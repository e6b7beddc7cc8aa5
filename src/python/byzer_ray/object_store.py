"""Files of an object store, read by the libraries that the cluster's Python has for it: fsspec's, else pyarrow's."""

import posixpath
import re
import shutil
import zlib
from collections.abc import Iterator
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Optional, Protocol

# Relative path; size in bytes, when it was written in milliseconds, and what changes with its content.
StoredFile = tuple[str, tuple[float, float, float]]


class StoreError(Exception):
    """The store cannot be read. The message is a sentence for the person."""


class Store(Protocol):
    """What lies below one address."""

    def files(self) -> Iterator[StoredFile]:
        """All of them, in no order."""

    def fetch(self, path: str, target: Path) -> None:
        """Brings one into the file `target`."""


def is_store(root: str) -> bool:
    """Whether `root` is the address of an object store rather than a path."""
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", root) is not None


def open_store(root: str) -> Store:
    """The store at an address such as ``s3://bucket/folder``. Raises StoreError where nothing here reads it."""
    scheme, _, rest = root.partition("://")
    if "@" in rest.partition("/")[0]:
        raise StoreError(f"The address of a store must not hold keys: {scheme}://… has some.")
    found = _with_fsspec(root) or _with_pyarrow(root)
    if found is None:
        raise StoreError(
            f"The cluster's Python cannot read {scheme}://: it has neither fsspec with the package that it wants for "
            f"{scheme} (such as s3fs, gcsfs or adlfs) nor pyarrow."
        )
    return found


def _with_fsspec(root: str) -> Optional[Store]:
    try:
        system, path = import_module("fsspec.core").url_to_fs(root)
    except (ImportError, ValueError):
        # Not installed, or not for this kind of store.
        return None
    return _FsspecStore(system, path)


def _with_pyarrow(root: str) -> Optional[Store]:
    try:
        system, path = import_module("pyarrow.fs").FileSystem.from_uri(root)
    except (ImportError, OSError, ValueError, NotImplementedError):
        return None
    return _PyarrowStore(system, path)


class _FsspecStore:
    def __init__(self, system: Any, path: str) -> None:
        self._system = system
        self._path = path.rstrip("/")

    def files(self) -> Iterator[StoredFile]:
        found: dict[str, dict[str, Any]] = self._system.find(self._path, detail=True)
        if not found and not self._system.exists(self._path):
            raise FileNotFoundError(self._path)
        for path, about in found.items():
            relative = _below(self._path, path)
            modified = _modified_ms(about)
            mark = next((about[name] for name in ("ETag", "etag", "md5Hash", "content_md5") if about.get(name)), None)
            changed = modified if mark is None else float(zlib.crc32(str(mark).encode()))
            if relative is not None:
                yield relative, (float(about.get("size") or 0), modified, changed)

    def fetch(self, path: str, target: Path) -> None:
        source = self._path if path == posixpath.basename(self._path) and self._is_file() else f"{self._path}/{path}"
        with self._system.open(source, "rb") as content, open(target, "wb") as file:
            shutil.copyfileobj(content, file, 1024 * 1024)

    def _is_file(self) -> bool:
        return bool(self._system.isfile(self._path))


class _PyarrowStore:
    def __init__(self, system: Any, path: str) -> None:
        self._system = system
        self._path = path.rstrip("/")

    def files(self) -> Iterator[StoredFile]:
        about = self._system.get_file_info(self._path)
        infos = [about]
        if not about.is_file:
            infos = self._system.get_file_info(import_module("pyarrow.fs").FileSelector(self._path, recursive=True))
        for info in infos:
            relative = _below(self._path, info.path)
            if info.is_file and relative is not None:
                modified = _modified_ms({"mtime": info.mtime})
                yield relative, (float(info.size or 0), modified, modified)

    def fetch(self, path: str, target: Path) -> None:
        source = self._path if self._system.get_file_info(self._path).is_file else f"{self._path}/{path}"
        with self._system.open_input_stream(source) as content, open(target, "wb") as file:
            shutil.copyfileobj(content, file, 1024 * 1024)


def _below(folder: str, path: str) -> Optional[str]:
    """The path relative to the folder; its name where the folder is the file itself; None for no plain path."""
    if path == folder:
        return posixpath.basename(path) or None
    prefix = f"{folder}/" if folder else ""
    if not path.startswith(prefix):
        return None
    relative = path[len(prefix) :]
    return relative if relative and all(part not in ("", ".", "..") for part in relative.split("/")) else None


def _modified_ms(about: "dict[str, Any]") -> float:
    for name in ("LastModified", "last_modified", "updated", "mtime", "created"):
        value = about.get(name)
        if isinstance(value, datetime):
            return value.timestamp() * 1000
        if isinstance(value, (int, float)):
            return float(value) * 1000
        if isinstance(value, str):
            try:
                return datetime.fromisoformat(value.replace("Z", "+00:00")).timestamp() * 1000
            except ValueError:
                continue
    return 0.0
