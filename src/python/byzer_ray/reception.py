"""What the gateway does, apart from being a Serve deployment: tokens, links, contents, what runs here."""

import asyncio
import contextlib
import platform
from collections.abc import AsyncIterator
from typing import Any, Optional

import ray
from fastapi import HTTPException, Request, Response
from fastapi.responses import StreamingResponse
from starlette.websockets import WebSocket, WebSocketDisconnect

from byzer_ray.admitted import AdmittedTokens, bearer_token
from byzer_ray.blobs import BlobMismatch, BlobMissing, BlobWriter, ClusterBlobs, NodeBlobs
from byzer_ray.children import Children, child_key
from byzer_ray.deploy_model import model_states
from byzer_ray.frames import FrameError, Hello, Refused, Server, Welcome, encode_frame, read_from_window
from byzer_ray.ledger import ledger_handle
from byzer_ray.link import NOT_UNDERSTOOD, Link, LinkError
from byzer_ray.places import node_folder
from byzer_ray.upload import Upload
from byzer_ray.wire import WireDialler

HELLO_WITHIN_S = 10.0
TOKEN_WRONG = 4401
REPLACED = 4409
PIECE_BYTES = 1024 * 1024
WRITE_BYTES = 4 * 1024 * 1024


class Reception:
    """`version`: of the package that was put on the cluster."""

    def __init__(self, version: str) -> None:
        self._server = Server(version=version, ray=ray.__version__, python=platform.python_version())
        self._ledger = ledger_handle()
        self._children = Children(self._ledger)
        node_id = ray.get_runtime_context().get_node_id()
        self._blobs = ClusterBlobs(NodeBlobs(node_folder() / "blobs"), node_id, self._ledger)
        self._admitted = AdmittedTokens(self._ledger)
        self._links: dict[str, Link] = {}
        self._wires = WireDialler()

    async def status(self, request: Request) -> dict[str, Any]:
        """What of ours runs here, and on what."""
        await self._authorize(request)
        nodes: list[dict[str, Any]] = ray.nodes()  # type: ignore[no-untyped-call]
        return {
            "server": self._server.model_dump(),
            "children": await self._children.list(),
            "nodes": [_node(node) for node in nodes if node["Alive"]],
            "available": await asyncio.to_thread(ray.available_resources),
        }

    async def models(self, request: Request) -> "list[dict[str, Any]]":
        """The models that were put here by us, and how they are."""
        await self._authorize(request)
        return list((await asyncio.to_thread(model_states)).values())

    async def end_child(self, kind: str, name: str, request: Request) -> dict[str, bool]:
        """Ends a child."""
        await self._authorize(request)
        return {"ended": await self._children.end(child_key(kind, name))}

    async def put_blob(self, sha256: str, request: Request) -> Response:
        """Takes a content. 201: it lies here now; 204: it lay here before."""
        await self._authorize(request)
        _check_hash(sha256)
        if self._blobs.here.path(sha256) is not None:
            return Response(status_code=204)
        try:
            with self._blobs.here.receiving() as writer:
                await _take(request, writer)
                writer.finish(sha256)
        except BlobMismatch as error:
            raise HTTPException(400, str(error)) from None
        except OSError as error:
            raise HTTPException(507, f"It cannot be kept: {error.strerror}") from None
        await self._blobs.added(sha256)
        return Response(status_code=201)

    async def head_blob(self, sha256: str, request: Request) -> Response:
        """Says whether the cluster has a content."""
        await self._authorize(request)
        _check_hash(sha256)
        size_bytes = await self._blobs.has(sha256)
        if size_bytes is None:
            return Response(status_code=404)
        return Response(status_code=200, headers={"x-byzer-size": str(size_bytes)})

    async def get_blob(self, sha256: str, request: Request) -> Response:
        """Gives a content."""
        await self._authorize(request)
        _check_hash(sha256)
        try:
            path = await self._blobs.bring(sha256)
        except BlobMissing as error:
            raise HTTPException(404, str(error)) from None
        headers = {"content-length": str(path.stat().st_size)}
        return StreamingResponse(_pieces(str(path)), media_type="application/octet-stream", headers=headers)

    async def link(self, socket: WebSocket) -> None:
        """The link of one window."""
        await socket.accept()
        hello = await self._greeted(socket)
        if hello is None:
            return
        link = Link(socket, hello.window, self._children, self._wires)
        earlier = self._links.get(hello.window)
        if earlier is not None:
            earlier.fail(LinkError(REPLACED, "the window has another link"))
        self._links[hello.window] = link
        await link.send(encode_frame(Welcome(t="welcome", v=1, server=self._server)))
        try:
            await link.serve()
        except LinkError as error:
            await _close(socket, error.code, str(error))
        finally:
            if self._links.get(hello.window) is link:
                del self._links[hello.window]

    async def upload(self, socket: WebSocket) -> None:
        """A content from a window."""
        await socket.accept()
        if await self._greeted(socket) is None:
            return
        with contextlib.suppress(RuntimeError, WebSocketDisconnect):
            await socket.send_text(encode_frame(Welcome(t="welcome", v=1, server=self._server)))
            await Upload(socket, self._blobs).serve()
        await _close(socket, 1000, "")

    async def _greeted(self, socket: WebSocket) -> Optional[Hello]:
        """The window's hello, where its token is admitted; else the link is refused."""
        try:
            text = await asyncio.wait_for(socket.receive_text(), HELLO_WITHIN_S)
            frame = read_from_window(text)
        except (asyncio.TimeoutError, FrameError, KeyError) as error:
            await _refuse(socket, NOT_UNDERSTOOD, "hello", str(error) or "nothing was said")
            return None
        except (WebSocketDisconnect, RuntimeError):
            return None
        if not isinstance(frame, Hello):
            await _refuse(socket, NOT_UNDERSTOOD, "hello", "the first frame is no hello")
            return None
        if not await self._admitted.knows(frame.token):
            await _refuse(socket, TOKEN_WRONG, "token", "This token is not admitted on the cluster.")
            return None
        return frame

    async def _authorize(self, request: Request) -> None:
        token = bearer_token(request.headers.get("authorization", ""))
        if not token:
            raise HTTPException(401, "A token is needed.")
        if not await self._admitted.knows(token):
            raise HTTPException(403, "This token is not admitted on the cluster.")


def _check_hash(sha256: str) -> None:
    if len(sha256) != 64 or any(letter not in "0123456789abcdef" for letter in sha256):
        raise HTTPException(400, "This is no SHA-256.")


def _node(node: dict[str, Any]) -> dict[str, Any]:
    resources = node["Resources"]
    return {
        "id": node["NodeID"],
        "address": node["NodeManagerAddress"],
        "isHead": "node:__internal_head__" in resources,
        "cpus": resources.get("CPU", 0),
        "gpus": resources.get("GPU", 0),
        "memoryBytes": int(resources.get("memory", 0)),
        "resources": {name: amount for name, amount in resources.items() if _is_custom(name)},
    }


def _is_custom(name: str) -> bool:
    return name not in ("CPU", "GPU", "memory", "object_store_memory") and not name.startswith("node:")


async def _take(request: Request, writer: BlobWriter) -> None:
    """Writes what comes, beside the receiving of more."""
    gathered: list[bytes] = []
    size = 0
    async for piece in request.stream():
        gathered.append(piece)
        size += len(piece)
        if size >= WRITE_BYTES:
            whole, gathered, size = b"".join(gathered), [], 0
            await asyncio.to_thread(writer.write, whole)
    writer.write(b"".join(gathered))


async def _pieces(path: str) -> AsyncIterator[bytes]:
    with open(path, "rb") as file:
        while piece := await asyncio.to_thread(file.read, PIECE_BYTES):
            yield piece


async def _refuse(socket: WebSocket, code: int, word: str, message: str) -> None:
    with contextlib.suppress(RuntimeError, WebSocketDisconnect):
        await socket.send_text(encode_frame(Refused(t="refused", code=word, message=message)))
    await _close(socket, code, message)


async def _close(socket: WebSocket, code: int, message: str) -> None:
    with contextlib.suppress(RuntimeError, WebSocketDisconnect):
        await socket.close(code, message.encode("utf-8")[:120].decode("utf-8", "ignore"))
