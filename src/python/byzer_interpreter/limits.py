"""The memory limit of this process, where the system has one."""

import os
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
        """Gives room to report that memory has run out, then restores the limit, which others may have moved."""
        if not self.enforced:
            yield
            return
        limit_bytes, _ = self._current()
        self._set(limit_bytes + _REPORTING_BYTES)
        try:
            yield
        finally:
            self._set(limit_bytes)

    def room_bytes(self) -> int:
        """How much memory this program may use: its limit, its container's or its machine's; 0 where nobody knows."""
        known = [self.limit_bytes if self.enforced else 0, _container_bytes(), _machine_bytes()]
        return min((number for number in known if number > 0), default=0)

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


def _machine_bytes() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 0


def _container_bytes() -> int:
    """Of a control group, version 2 before 1; without one there is no such file, or no number in it."""
    for path in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        try:
            with open(path, encoding="ascii") as file:
                return int(file.read())
        except (OSError, ValueError):
            continue
    return 0
