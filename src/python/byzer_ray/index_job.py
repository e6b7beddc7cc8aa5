"""One update of a shared index: what is to be read, who reads it, what came of it.

It knows nothing of Ray: tasks are run by `Hands`, which tell what the programs say by `heard`.
"""

import asyncio
import contextlib
import hashlib
import time
from typing import Any, Callable, Optional

from byzer_ray.index_batches import FAILURES, LOSSES, Batch, after_crash, batches_of
from byzer_ray.index_hands import Cancelled, Hands, JobError
from byzer_ray.index_orders import CarriedFile, ClusterSource, Order, Secrets
from byzer_ray.index_tally import IndexTally
from byzer_ray.object_store import is_store

MOST_PARALLEL = 16
MOST_EMBEDDING = 4
# For fewer files the end of the update embeds what lacks a vector by itself.
WORTH_TASKS_FILES = 64
PROGRESS_EVERY_S = 0.5
SLOWEST_RETRY_S = 30.0
# What passes by itself, or may.
PASSING = frozenset(("index.unreachable", "index.busy"))

Say = Callable[[str, Any], None]


class IndexJob:
    """An update. `say`: tells the window something by the name of its member."""

    def __init__(self, order: Order, parallel: int, hands: Hands) -> None:
        self.order = order
        self.parallel = min(order.parallel or parallel, MOST_PARALLEL if order.parallel == 0 else 64)
        self.secrets: Optional[Secrets] = None
        self.phase = "waiting"
        self.is_over = False
        self._hands = hands
        self._say: Say = lambda _name, _value: None
        self._ready = asyncio.Event()
        self._changed = asyncio.Event()
        self._queue: list[Batch] = []
        self._works: dict[str, tuple[dict[str, Any], Optional[Batch]]] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._nodes: Optional[list[str]] = None
        self._folder = ""
        self._is_closed = order.source.kind == "cluster"
        self._cancelled = False
        self._failure: Optional[JobError] = None
        self._plan: dict[str, Any] = {}
        self._planned: list[dict[str, Any]] = []
        self._finished: dict[str, Any] = {}
        self._tally = IndexTally(remembers_seen=order.source.kind == "cluster")
        self._of_files: Optional[int] = None
        self._told_at = 0.0
        self._trouble: Optional[dict[str, str]] = None
        self._number = 0
        self._started = time.monotonic()

    def listen(self, say: Say) -> None:
        """From now on tells `say`."""
        self._say = say

    @property
    def is_working(self) -> bool:
        """Whether something runs or waits for a task; an update that waits for its window does not work."""
        return (
            not self.is_over
            and self.secrets is not None
            and not (self.phase == "reading" and not self._is_closed and not self._running and not self._queue)
        )

    def is_same(self, order: Order) -> bool:
        """Whether another order asks for exactly this."""
        return order.source.kind == "cluster" and order.model_dump(exclude={"id", "parallel"}) == self.order.model_dump(
            exclude={"id", "parallel"}
        )

    def said(self) -> str:
        """How far it is, for lists."""
        of = "?" if self._of_files is None else str(self._of_files)
        return f"{self.phase}, {self._tally.done_files} of {of} files"

    def take_secrets(self, secrets: Secrets) -> None:
        """What the programs need that is kept in memory only."""
        self.secrets = secrets
        self._ready.set()

    def add_files(self, pack: Optional[str], files: "list[CarriedFile]") -> None:
        """Files of the window."""
        sizes = [(file.path, file.sizeBytes) for file in files if file.sizeBytes is not None]
        described = [
            {
                "path": file.path,
                "stamp": [file.sizeBytes or 0, 0, 0],
                "isSecret": file.isSecret,
                "knownHash": file.knownHash,
                "givenUp": file.givenUp,
            }
            for file in files
        ]
        if described and not self.is_over:
            self._queue.append(Batch(described, pack, sizes))
            self._changed.set()

    def close_source(self, unchanged: int, of_files: Optional[int]) -> None:
        """No more files come from the window. `of_files`: None where it has left before it had said all."""
        self._is_closed = True
        self._plan["unchanged"] = unchanged
        self._of_files = of_files
        self._changed.set()

    def leave_window(self) -> None:
        """Nobody says any more what it does not know yet: it ends with what it has."""
        if self.secrets is None:
            self.cancel()
        elif not self._is_closed:
            self.close_source(0, None)

    def cancel(self) -> None:
        """Stops it. What is written stays."""
        self._cancelled = True
        self._ready.set()
        self._changed.set()
        self._hands.cancel()

    def work(self, work_id: str, node: str) -> "Optional[dict[str, Any]]":
        """What a task on `node` is to do; None where it is not wanted any more."""
        found = self._works.get(work_id)
        if found is None or self._is_stopping():
            return None
        work, batch = found
        if batch is not None:
            batch.node = node
        return work

    def told(self, work_id: str) -> "Optional[dict[str, Any]]":
        """What is secret, for the program of a task."""
        if work_id not in self._works or self.secrets is None or self._is_stopping():
            return None
        return self.secrets.model_dump(exclude={"order"})

    def heard(self, work_id: str, lines: "list[dict[str, Any]]") -> bool:
        """Takes what a program says; false where it is not wanted any more."""
        found = self._works.get(work_id)
        if found is None:
            return False
        _, batch = found
        for line in lines:
            self._take(line, batch)
        self._tell_progress()
        return not self._is_stopping()

    async def run(self) -> None:
        """Does it to its end, and says what came of it."""
        try:
            await self._ready.wait()
            self._started = time.monotonic()
            if isinstance(self.order.source, ClusterSource):
                await self._plan_source(self.order.source)
            await self._read()
            await self._embed()
            await self._finish()
        except Cancelled:
            self._say("failed", {"code": "cancelled", "message": "It was stopped.", "details": {}})
        except JobError as error:
            self._say("failed", {"code": error.code, "message": str(error), "details": error.details})
        finally:
            self.is_over = True
            self.secrets = None
            self._works, self._planned, self._queue = {}, [], []
            self._tally.seen = []

    async def _plan_source(self, source: ClusterSource) -> None:
        self._begin("planning")
        work = {"order": self._order("plan", **self._planning(source)), "memory": self._memory(source)}
        if is_store(source.root):
            work["store"] = source.root
        else:
            self._nodes = await self._hands.nodes_with(source.root)
            if not self._nodes:
                message = f'No node of the cluster has "{source.root}", or may read it.'
                raise JobError("index.not-found", message, {"path": source.root})
        await self._until_done(work)
        if not self._plan:
            raise JobError(None, "What is to be read was not said.")
        self._folder = self._plan["folder"]
        self._queue = batches_of(self._planned, self.parallel)
        self._of_files = len(self._planned)
        self._planned = []

    def _planning(self, source: ClusterSource) -> "dict[str, Any]":
        ignoring = {} if source.gitIgnoring is None else {"gitIgnoring": source.gitIgnoring}
        return {
            "root": source.root,
            "exclude": source.exclude,
            **ignoring,
            "keepExcluded": source.keepExcluded,
            "mostFiles": source.mostFiles,
            "memory": "",
            "isListed": is_store(source.root),
        }

    def _memory(self, source: ClusterSource) -> str:
        """The name under which a node remembers what it has read of this root for this index."""
        database = self.order.database
        names = (database.get("host"), database.get("port"), database.get("database"), self.order.corpus, source.root)
        return hashlib.sha256("\n".join(str(name) for name in names).encode()).hexdigest()[:24]

    async def _read(self) -> None:
        """Has files read, so many batches at a time."""
        self._begin("reading")
        while True:
            if self._is_stopping():
                self._queue = []
            while self._queue and len(self._running) < self.parallel:
                self._launch(self._queue.pop(0))
            if not self._running and not self._queue and (self._is_closed or self._is_stopping()):
                break
            self._changed.clear()
            await self._changed.wait()
        self._check()

    def _launch(self, batch: Batch) -> None:
        task = asyncio.ensure_future(self._carry(batch))
        self._running.add(task)

        def ended(done: "asyncio.Task[None]") -> None:
            self._running.discard(done)
            if not done.cancelled() and done.exception() is not None:
                error = done.exception()
                known = error if isinstance(error, JobError) else JobError(None, f"{type(error).__name__}: {error}")
                self._failure = self._failure or known
                self._hands.cancel()
            self._changed.set()

        task.add_done_callback(ended)

    async def _carry(self, batch: Batch) -> None:
        """Has one batch read; what it could not do is put back into the queue."""
        embedder = None if self._trouble is not None else self.order.embedder
        source = self.order.source
        store = source.root if isinstance(source, ClusterSource) and is_store(source.root) else None
        work: dict[str, Any] = {
            "order": self._order(
                "carry",
                embedder=None if embedder is None else embedder.model_dump(),
                owner=f"{self.order.id}:{self._number + 1}",
                folder=self._folder,
                files=batch.files,
                areCopies=store is not None,
            ),
            "store": store,
        }
        if self.order.source.kind == "window":
            work.update({"pack": batch.pack, "sizes": batch.sizes})
        ended = await self._run(work, batch)
        again = batch.to_read_again()
        if again is not None:
            self._queue.append(again)
        self._queue.extend(await self._after(batch, ended))

    async def _after(self, batch: Batch, ended: "dict[str, Any]") -> "list[Batch]":
        """What is still to be done of a batch. Raises JobError where nothing will help."""
        kind = ended["ended"]
        if kind == "stopped" or not batch.pending:
            return []
        if kind == "lost":
            rest = batch.rest()
            rest.losses += 1
            if rest.losses > LOSSES:
                raise JobError("remote.resources", str(ended["message"]), {"address": "", "reason": ended["message"]})
            await asyncio.sleep(min(rest.losses, 5))
            return [rest]
        if kind == "pack-missing":
            self._say_written([{"path": path, "hash": "", "fate": "lost"} for path in batch.pending])
            return []
        if kind == "failed":
            return await self._after_failure(batch, ended)
        return after_crash(batch)

    async def _after_failure(self, batch: Batch, ended: "dict[str, Any]") -> "list[Batch]":
        rest = batch.rest()
        rest.failures += 1
        if ended["code"] not in PASSING or rest.failures > FAILURES:
            raise JobError(ended["code"], ended["message"], ended["details"])
        await asyncio.sleep(min(SLOWEST_RETRY_S, 2.0**rest.failures))
        return [rest]

    async def _embed(self) -> None:
        """Embeds what lacks a vector, also of what was written before."""
        embedder = self.order.embedder
        files = self._tally.done_files + int(self._plan.get("unchanged", 0))
        if embedder is None or self._trouble is not None or files < WORTH_TASKS_FILES:
            return
        self._begin("embedding")
        works = []
        for number in range(min(self.parallel, MOST_EMBEDDING)):
            owner = f"{self.order.id}:embed-{number}"
            works.append({"order": self._order("embed", embedder=embedder.model_dump(), owner=owner)})
        # One that is lost is made up for at the end.
        await asyncio.gather(*(self._run(work, None) for work in works))
        self._check()

    async def _finish(self) -> None:
        self._begin("ending")
        embedder = None if self._trouble is not None else self.order.embedder
        source = self.order.source
        work = {
            "order": self._order(
                "finish",
                embedder=None if embedder is None else embedder.model_dump(),
                job=self.order.id,
                isWhole=self.order.isWhole and self._of_files is not None,
                passages=self._tally.passages,
                memory=None,
                seen=self._tally.seen,
            ),
            "memory": self._memory(source) if isinstance(source, ClusterSource) else None,
        }
        await self._until_done(work)
        duration_ms = round((time.monotonic() - self._started) * 1000)
        self._say("report", self._tally.report(self._plan, self._finished, duration_ms))

    async def _until_done(self, work: "dict[str, Any]") -> None:
        """Has one piece of work done, again where its task was lost. Raises JobError, Cancelled."""
        tries = 0
        while True:
            ended = await self._run(work, None)
            self._check()
            kind = ended["ended"]
            if kind == "done":
                return
            tries += 1
            self._planned = []
            is_passing = kind in ("lost", "crashed") or ended.get("code") in PASSING
            if not is_passing or tries > FAILURES:
                raise JobError(ended.get("code"), str(ended.get("message", kind)), ended.get("details"))
            await asyncio.sleep(min(SLOWEST_RETRY_S, 2.0**tries))

    async def _run(self, work: "dict[str, Any]", batch: Optional[Batch]) -> "dict[str, Any]":
        self._number += 1
        work_id = f"{self.order.id}:{self._number}"
        self._works[work_id] = (work, batch)
        try:
            return await self._hands.run(work_id, self._nodes, 1)
        finally:
            self._works.pop(work_id, None)

    def _order(self, verb: str, **more: Any) -> "dict[str, Any]":
        return {"verb": verb, "database": self.order.database, "corpus": self.order.corpus, **more}

    def _take(self, line: "dict[str, Any]", batch: Optional[Batch]) -> None:
        kind = line["t"]
        if kind == "tasks":
            self._planned.extend(line["files"])
        elif kind == "planned":
            self._plan = line
        elif kind == "written" and batch is not None:
            self._say_written(self._tally.take_written(line["files"], batch))
        elif kind == "embedded":
            self._tally.embedded += int(line["count"])
        elif kind == "embedding-problem" and self._trouble is None:
            self._trouble = {"code": line["code"], "message": line["message"]}
            self._say("notice", self._trouble)
        elif kind == "finished":
            self._finished = line

    def _say_written(self, files: "list[dict[str, Any]]") -> None:
        if files and self.order.source.kind == "window":
            self._say("written", {"files": files})

    def _begin(self, phase: str) -> None:
        self._check()
        self.phase = phase
        self._told_at = 0.0
        self._tell_progress()

    def _tell_progress(self) -> None:
        if time.monotonic() - self._told_at < PROGRESS_EVERY_S:
            return
        self._told_at = time.monotonic()
        self._say(
            "progress",
            {
                "phase": self.phase,
                "ofFiles": self._of_files,
                "running": len(self._works),
                **self._tally.progress(),
            },
        )

    def _is_stopping(self) -> bool:
        return self._cancelled or self._failure is not None

    def _check(self) -> None:
        if self._cancelled:
            raise Cancelled
        if self._failure is not None:
            raise self._failure


async def stop(job: IndexJob, running: "asyncio.Task[None]", patience_s: float) -> None:
    """Stops an update and waits until its tasks have let go, or so long."""
    job.cancel()
    with contextlib.suppress(asyncio.TimeoutError, asyncio.CancelledError):
        await asyncio.wait_for(asyncio.shield(running), patience_s)
    running.cancel()
