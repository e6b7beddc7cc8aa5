"""What an update of a shared index needs of the cluster, and how it says that it cannot go on."""

from typing import Any, Optional, Protocol


class JobError(Exception):
    """The update cannot go on. `code`: of the product's errors; None for a fault of a program."""

    def __init__(self, code: Optional[str], message: str, details: Any = None) -> None:
        super().__init__(message)
        self.code = code
        self.details = details if details is not None else {}


class Cancelled(Exception):
    """Somebody has stopped it."""


class Hands(Protocol):
    """Runs tasks on the cluster."""

    async def nodes_with(self, root: str) -> "list[str]":
        """The nodes that have the same folder or file at `root`; empty where none has."""

    async def run(self, work_id: str, nodes: "Optional[list[str]]", processors: float) -> "dict[str, Any]":
        """Has a task do a piece of work and returns how it ended, as `index_task` says, or ``lost``.

        `nodes`: one of these, or any.
        """

    def cancel(self) -> None:
        """Gives up what waits for room."""
