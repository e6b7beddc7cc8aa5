"""Pieces of an update: files that one task prepares and writes, and what is to be done with those that it could not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Optional

# What one task is given at most: more would have a lost task lose more, less would start programs more often.
BATCH_FILES = 256
BATCH_BYTES = 24 * 1024 * 1024
# Small folders are shared out all the same: so many tasks for each that may run.
TASKS_EACH = 4
LEAST_FILES = 16
# A batch whose program ends before its work is tried again, then in halves, so that the file it fell over is found.
CRASHES = 2
# How often a batch is given to another task because its node was lost, or what it needs did not answer.
LOSSES = 10
FAILURES = 6
# How often a file is read again that somebody else has written meanwhile.
REREADS = 3

File = dict[str, Any]


@dataclass
class Batch:
    """Files of one task. `pending`: those that nothing is known of yet, by their paths.

    `sizes`: of the contents of a pack, in their order there.
    """

    files: "list[File]"
    pack: Optional[str] = None
    sizes: "list[tuple[str, int]]" = field(default_factory=list)
    crashes: int = 0
    losses: int = 0
    failures: int = 0
    rereads: int = 0
    pending: "dict[str, File]" = field(default_factory=dict)
    again: "list[File]" = field(default_factory=list)
    node: str = ""

    def __post_init__(self) -> None:
        self.pending = {file["path"]: file for file in self.files}

    @property
    def is_retried(self) -> bool:
        """Whether another task has worked on it before."""
        return self.crashes + self.losses + self.failures + self.rereads > 0

    def rest(self) -> "Batch":
        """What is left of it, to be tried again."""
        return Batch(
            list(self.pending.values()), self.pack, self.sizes, self.crashes, self.losses, self.failures, self.rereads
        )

    def to_read_again(self) -> "Optional[Batch]":
        """The files that somebody else has written meanwhile, as if the index did not have them."""
        if not self.again or self.rereads >= REREADS:
            return None
        files = [{**file, "knownHash": None} for file in self.again]
        return Batch(files, self.pack, self.sizes, rereads=self.rereads + 1)


def batches_of(files: "Sequence[File]", parallel: int) -> "list[Batch]":
    """Shares files out, in their order: large enough batches, and enough of them for all tasks."""
    wanted = max(1, parallel * TASKS_EACH)
    most_files = min(BATCH_FILES, max(LEAST_FILES, -(-len(files) // wanted)))
    total = sum(file["stamp"][0] for file in files)
    most_bytes = min(BATCH_BYTES, max(1, total // wanted))
    batches: list[Batch] = []
    gathered: list[File] = []
    size = 0
    for file in files:
        if gathered and (len(gathered) >= most_files or size >= most_bytes and len(gathered) >= LEAST_FILES):
            batches.append(Batch(gathered))
            gathered, size = [], 0
        if gathered and size + file["stamp"][0] > BATCH_BYTES:
            batches.append(Batch(gathered))
            gathered, size = [], 0
        gathered.append(file)
        size += file["stamp"][0]
    return [*batches, Batch(gathered)] if gathered else batches


def after_crash(batch: Batch) -> "list[Batch]":
    """What to try after the program that worked on a batch has ended before its work.

    A file that does that alone is given up: it is written as one that is broken, and named.
    """
    rest = batch.rest()
    rest.crashes += 1
    if rest.crashes <= CRASHES or not rest.files:
        return [rest] if rest.files else []
    if len(rest.files) > 1:
        middle = len(rest.files) // 2
        halves: Iterable[list[File]] = (rest.files[:middle], rest.files[middle:])
        return [Batch(half, rest.pack, rest.sizes, crashes=CRASHES) for half in halves]
    (file,) = rest.files
    if file["givenUp"] is not None:
        return []
    return [Batch([{**file, "givenUp": "broken"}], rest.pack, rest.sizes, crashes=CRASHES)]
