"""The frames of the link between a window and the gateway: JSON texts, one object each, checked on arrival.

A message of the WebSocket carries one frame or several, each on a line of its own: no frame has a line feed in it,
since JSON escapes it. ``hello``, and what answers it, come alone.

Members that are not named here are passed over, so that a newer peer of the same version may say more.
"""

import json
from typing import Annotated, Any, Literal, Optional, Union

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

PROTOCOL_VERSION = 1
# The server in front of the gateway takes no larger message.
MAX_FRAME_FROM_WINDOW_BYTES = 16 * 1024 * 1024
MAX_FRAME_FROM_GATEWAY_BYTES = 32 * 1024 * 1024
# The largest integer that every peer can hold exactly.
MAX_INTEGER = 2**53 - 1

Count = Annotated[int, Field(ge=0, le=MAX_INTEGER)]
Sequence = Annotated[int, Field(ge=1, le=MAX_INTEGER)]
Integer = Annotated[int, Field(ge=-MAX_INTEGER, le=MAX_INTEGER)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Channel = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,120}$")]


class FrameError(ValueError):
    """A text is no frame of this direction. The message names the member, never its value: it may be a token."""


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")


class Target(_Part):
    """What a channel leads to. `create`: how it is made where none of that name lives; None: only one that lives."""

    kind: Name
    name: Name
    create: Optional[dict[str, Any]]


class Hello(_Part):
    """The first frame of a window. `window` stays the same as long as the window remembers what it has sent.

    A second link of the same window replaces the first.
    """

    t: Literal["hello"]
    v: Literal[1]
    token: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    window: Name


class Open(_Part):
    """Joins `channel` to `target`. `epoch` and `received`: what this window has of the target; None and 0: nothing."""

    t: Literal["open"]
    channel: Channel
    target: Target
    epoch: Optional[Name] = None
    received: Count


class Data(_Part):
    """One body, numbered from 1: by each window on its own, and by each epoch of a target."""

    t: Literal["data"]
    channel: Channel
    seq: Sequence
    body: Any = Field(...)


class Ack(_Part):
    """Every body up to `seq` has arrived and is in good hands."""

    t: Literal["ack"]
    channel: Channel
    seq: Count


class Close(_Part):
    """The window leaves the channel. `end`: the child is to end, too."""

    t: Literal["close"]
    channel: Channel
    end: bool


class Ping(_Part):
    """Asks for a pong of the same number."""

    t: Literal["ping"]
    n: Integer


class Pong(_Part):
    """Answers a ping."""

    t: Literal["pong"]
    n: Integer


class Server(_Part):
    """Who answers: versions of our package, of Ray and of Python."""

    version: str
    ray: str
    python: str


class Welcome(_Part):
    """The token is known."""

    t: Literal["welcome"]
    v: Literal[1]
    server: Server


class Refused(_Part):
    """The link ends. Codes: ``token``, ``version``, ``hello``, ``busy``, ``replaced``."""

    t: Literal["refused"]
    code: Code
    message: str


class Waiting(_Part):
    """The target is not there yet; said again while that lasts. Codes: ``starting``, ``resources``."""

    t: Literal["waiting"]
    channel: Channel
    code: Code
    message: str


class Opened(_Part):
    """The channel is joined.

    `epoch`: of the target; where it is not the one that the window named, the target knows nothing of before.
    `received`: the last body of this window that has arrived. `next`: the number of the first body that comes now;
    those between what the window has and this one are lost to it. `fresh`: nothing of before is known to it.
    """

    t: Literal["opened"]
    channel: Channel
    epoch: Name
    received: Count
    next: Sequence
    fresh: bool
    about: dict[str, Any]


class Reason(_Part):
    """Codes: ``taken``, ``gone``, ``ended``, ``exited``, ``lost``, ``resources``, ``refused``, ``failed``."""

    code: Code
    message: str


class Closed(_Part):
    """The channel is not joined, or no longer."""

    t: Literal["closed"]
    channel: Channel
    reason: Reason


FromWindow = Annotated[Union[Hello, Open, Data, Ack, Close, Ping, Pong], Field(discriminator="t")]
FromGateway = Annotated[
    Union[Welcome, Refused, Waiting, Opened, Closed, Data, Ack, Ping, Pong],
    Field(discriminator="t"),
]

_from_window: TypeAdapter[FromWindow] = TypeAdapter(FromWindow)
_from_gateway: TypeAdapter[FromGateway] = TypeAdapter(FromGateway)


_KNOWN_FROM_WINDOW = frozenset(("hello", "open", "data", "ack", "close", "ping", "pong"))
_KNOWN_FROM_GATEWAY = frozenset(
    ("welcome", "refused", "waiting", "opened", "closed", "data", "ack", "ping", "pong"),
)


def read_from_window(text: Union[str, bytes]) -> Optional[FromWindow]:
    """The frame in `text`; None for a kind that this version does not know, which is passed over.

    Raises FrameError where it is none that a window may send.
    """
    frame: Optional[FromWindow] = _read(_from_window, _KNOWN_FROM_WINDOW, text, MAX_FRAME_FROM_WINDOW_BYTES)
    return frame


def read_from_gateway(text: Union[str, bytes]) -> Optional[FromGateway]:
    """The frame in `text`; None for a kind that this version does not know, which is passed over.

    Raises FrameError where it is none that the gateway may send.
    """
    frame: Optional[FromGateway] = _read(_from_gateway, _KNOWN_FROM_GATEWAY, text, MAX_FRAME_FROM_GATEWAY_BYTES)
    return frame


def encode_frame(frame: BaseModel) -> str:
    """The text of `frame`."""
    return frame.model_dump_json()


def _read(adapter: TypeAdapter[Any], known: frozenset[str], text: Union[str, bytes], limit_bytes: int) -> Any:
    if len(text) > limit_bytes:
        raise FrameError(f"a frame of {len(text)} bytes; {limit_bytes} are allowed")
    try:
        return adapter.validate_json(text)
    except ValidationError as error:
        problem = error.errors(include_url=False, include_context=False, include_input=False)[0]
    if problem["type"] == "union_tag_invalid" and _kind_of(text) not in known:
        return None
    place = ".".join(str(part) for part in problem["loc"]) or "the frame"
    raise FrameError(f"{place}: {problem['type']}")


def _kind_of(text: Union[str, bytes]) -> str:
    kind = json.loads(text)["t"]
    if not isinstance(kind, str):
        raise FrameError("t: string_type")
    return kind
