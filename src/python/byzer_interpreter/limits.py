"""The memory limit of this process, where the system has one."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_REPORTING_BYTES = 256 * 1024 * 1024


class MemoryLimit:
    """A limit on address space. ``enforced`` is false on Windows and macOS, which do not honour it."""

    def __init__(self, limit_bytes: int) -> None:
        self.limit_bytes = limit_bytes
        self.enforced = False
        if limit_bytes > 0 and sys.platform.startswith("linux"):
            self.enforced = self._set(limit_bytes)

    def describe(self) -> str:
        """The limit as a person reads it."""
        return f"{self.limit_bytes / 2**30:.1f} GB"

    @contextmanager
    def lifted(self) -> Iterator[None]:
        """Gives room to report that memory has run out, then restores the limit."""
        if not self.enforced:
            yield
            return
        self._set(self.limit_bytes + _REPORTING_BYTES)
        try:
            yield
        finally:
            self._set(self.limit_bytes)

    def _set(self, limit_bytes: int) -> bool:
        import resource

        try:
            _, hard = self._current()
            ceiling = limit_bytes if hard == resource.RLIM_INFINITY else min(limit_bytes, hard)
            resource.setrlimit(resource.RLIMIT_AS, (ceiling, hard))
            return True
        except (OSError, ValueError):
            return False

    @staticmethod
    def _current() -> tuple[int, int]:
        import resource

        return resource.getrlimit(resource.RLIMIT_AS)
