"""A content on its way in: over a WebSocket of its own, in pieces so large that passing them on costs little.

After ``hello`` and ``welcome``, which are those of a link, a window says ``put``, then pieces as binary messages, and
at any time ``hash``, once: it may send what it is still hashing. It hears ``wrote`` before the first piece and then as
pieces are written, so that it never has more under way than it chooses; then ``kept`` or ``failed``, the last word.
"""

import asyncio
from typing import Annotated, Any, Literal, Optional, Union

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from starlette.websockets import WebSocket, WebSocketDisconnect

from byzer_ray.blobs import BlobMismatch, BlobWriter, ClusterBlobs
from byzer_ray.creation import Sha256
from byzer_ray.frames import Code, Count

# How much is written between two words on it.
SAY_EACH_BYTES = 8 * 1024 * 1024


class UploadError(Exception):
    """It cannot be kept. The message is a sentence; `code` is for the program."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")


class Put(_Part):
    """A content of `sizeBytes` is to come. `sha256`: None where it is still being counted."""

    t: Literal["put"]
    sizeBytes: Count
    sha256: Optional[Sha256]


class Hash(_Part):
    """The hash of the content."""

    t: Literal["hash"]
    sha256: Sha256


class Wrote(_Part):
    """So much of the content has come and was written."""

    t: Literal["wrote"]
    bytes: Count


class Kept(_Part):
    """The cluster has the content. `fresh`: it did not have it before; else the rest need not be sent."""

    t: Literal["kept"]
    fresh: bool


class Failed(_Part):
    """It cannot be kept. Codes: ``order``, ``mismatch``, ``full``."""

    t: Literal["failed"]
    code: Code
    message: str


FromSender = Annotated[Union[Put, Hash], Field(discriminator="t")]
ToSender = Annotated[Union[Wrote, Kept, Failed], Field(discriminator="t")]
_from_sender: TypeAdapter[FromSender] = TypeAdapter(FromSender)
_to_sender: TypeAdapter[ToSender] = TypeAdapter(ToSender)


def read_from_sender(text: str) -> FromSender:
    """The frame in `text`. Raises UploadError where it is none that a sender may send."""
    return _read(_from_sender, text)  # type: ignore[no-any-return]


def read_to_sender(text: str) -> ToSender:
    """The frame in `text`. Raises UploadError where it is none that a sender may get."""
    return _read(_to_sender, text)  # type: ignore[no-any-return]


class Upload:
    """One content, from a window that was let in."""

    def __init__(self, socket: WebSocket, blobs: ClusterBlobs) -> None:
        self._socket = socket
        self._blobs = blobs
        self._sha256: Optional[str] = None

    async def serve(self) -> None:
        """Runs until it is kept, or told why not, or the window has gone."""
        try:
            fresh = await self._taken()
        except WebSocketDisconnect:
            return
        except UploadError as error:
            await self._say(Failed(t="failed", code=error.code, message=str(error)))
        except OSError as error:
            await self._say(Failed(t="failed", code="full", message=f"It cannot be kept: {error.strerror}"))
        else:
            await self._say(Kept(t="kept", fresh=fresh))

    async def _taken(self) -> bool:
        """Whether the cluster did not have it before."""
        order = await self._next()
        if not isinstance(order, Put):
            raise UploadError("order", "it does not begin with what is to come")
        self._sha256 = order.sha256
        if await self._is_there():
            return False
        with self._blobs.here.receiving() as writer:
            if not await self._receive(writer, order.sizeBytes):
                return False
            assert self._sha256 is not None  # noqa: S101 - received before
            try:
                writer.finish(self._sha256)
            except BlobMismatch as error:
                raise UploadError("mismatch", str(error)) from None
        await self._blobs.added(self._sha256)
        return True

    async def _receive(self, writer: BlobWriter, size: int) -> bool:
        """Takes pieces and the hash until both are whole; false as soon as the cluster turns out to have it."""
        said = 0
        await self._say(Wrote(t="wrote", bytes=0))
        while writer.size < size or self._sha256 is None:
            part = await self._next()
            if isinstance(part, bytes):
                if writer.size + len(part) > size:
                    raise UploadError("order", "more has come than was announced")
                await asyncio.to_thread(writer.write, part)
                if writer.size - said >= SAY_EACH_BYTES:
                    said = writer.size
                    await self._say(Wrote(t="wrote", bytes=said))
            elif isinstance(part, Hash) and self._sha256 is None:
                self._sha256 = part.sha256
                if await self._is_there():
                    return False
            else:
                raise UploadError("order", "something came that was not expected")
        return True

    async def _is_there(self) -> bool:
        return self._sha256 is not None and await self._blobs.has(self._sha256) is not None

    async def _next(self) -> "Union[bytes, Put, Hash]":
        """A piece or a frame. Raises WebSocketDisconnect."""
        message: dict[str, Any] = dict(await self._socket.receive())
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1005))
        piece: Optional[bytes] = message.get("bytes")
        return piece if piece is not None else read_from_sender(message.get("text") or "")

    async def _say(self, frame: BaseModel) -> None:
        await self._socket.send_text(frame.model_dump_json())


def _read(adapter: "TypeAdapter[Any]", text: str) -> Any:
    try:
        return adapter.validate_json(text)
    except ValidationError as error:
        problem = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(str(part) for part in problem["loc"]) or "the frame"
        raise UploadError("order", f"{place}: {problem['type']}") from None
