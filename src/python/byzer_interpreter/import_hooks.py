"""Adjusts a few libraries right after a cell first imports them, at no cost before."""

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any, Callable, Optional

Adjustment = Callable[[ModuleType], None]


class ImportHooks:
    """A finder that runs one function per module name after the module has run."""

    def __init__(self, adjustments: dict[str, Adjustment]) -> None:
        self._adjustments = dict(adjustments)

    def install(self) -> None:
        """Puts the hooks in front of the ordinary finders."""
        sys.meta_path.insert(0, self)  # type: ignore[arg-type]

    def find_spec(
        self, name: str, path: Optional[Sequence[str]] = None, _target: Optional[ModuleType] = None
    ) -> Optional[ModuleSpec]:
        """Finds `name` as Python would, with the adjustment added to its loader."""
        adjust = self._adjustments.get(name)
        if adjust is None:
            return None
        spec = PathFinder.find_spec(name, path)
        if spec is None or spec.loader is None:
            return None
        loader: Any = spec.loader
        original = loader.exec_module

        def exec_module(module: ModuleType) -> None:
            original(module)
            adjust(module)

        loader.exec_module = exec_module
        return spec
