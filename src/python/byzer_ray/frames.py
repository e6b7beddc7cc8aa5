"""The frames of the link between a window and the gateway: JSON texts, one object each, checked on arrival.

Members that are not named here are passed over, so that a newer peer of the same version may say more.
"""

from typing import Annotated, Any, Literal, Optional, Union

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

PROTOCOL_VERSION = 1
# One frame as it travels. What is larger goes as a blob, and only its hash in a frame.
MAX_FRAME_BYTES = 8 * 1024 * 1024
# The largest integer that every peer can hold exactly.
MAX_INTEGER = 2**53 - 1

Count = Annotated[int, Field(ge=0, le=MAX_INTEGER)]
Sequence = Annotated[int, Field(ge=1, le=MAX_INTEGER)]
Amount = Annotated[float, Field(ge=0, le=MAX_INTEGER, allow_inf_nan=False)]
Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,63}$")]
Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Text = Annotated[str, StringConstraints(max_length=4096)]


class FrameError(ValueError):
    """A text is no frame of this direction. The message names the member, never its value: it may be a token."""


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")


class Resources(_Part):
    """What a child is given of its node. ``memoryBytes`` is reserved and enforced; 0 reserves and limits nothing."""

    cpus: Amount
    gpus: Amount
    memoryBytes: Count
    # Custom resources of the cluster, by name.
    custom: dict[Text, Amount]


class CreateKernel(_Part):
    """How an interpreter is made where none of that name lives."""

    title: Text
    resources: Resources
    # Requirements installed before the interpreter starts, as pip reads them; empty: the cluster's Python as it is.
    pip: Annotated[list[Text], Field(max_length=100)]
    columns: Annotated[int, Field(ge=1, le=1000)]
    rows: Annotated[int, Field(ge=1, le=1000)]


class CreateGroup(_Part):
    """How a group of agents is made where none of that name lives. `bundle` None: the one of the package."""

    title: Text
    resources: Resources
    bundle: Optional[Sha256]


class KernelTarget(_Part):
    """An interpreter. `create` None: only one that lives already."""

    kind: Literal["kernel"]
    name: Name
    create: Optional[CreateKernel]


class GroupTarget(_Part):
    """A group of agents. `create` None: only one that lives already."""

    kind: Literal["group"]
    name: Name
    create: Optional[CreateGroup]


Target = Annotated[Union[KernelTarget, GroupTarget], Field(discriminator="kind")]


class Hello(_Part):
    """The first frame of a window. `window` stays the same as long as the window remembers what it has sent."""

    t: Literal["hello"]
    v: Literal[1]
    token: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43,128}$")]
    window: Identifier


class Open(_Part):
    """Joins `channel` to `target`. `epoch` and `received`: what this window has of the channel; None and 0: nothing."""

    t: Literal["open"]
    channel: Identifier
    target: Target
    epoch: Optional[Identifier]
    received: Count


class Data(_Part):
    """One body, numbered from 1 in its direction: by each window on its own, and by each epoch of a target."""

    t: Literal["data"]
    channel: Identifier
    seq: Sequence
    body: Any = Field(...)


class Ack(_Part):
    """Every body up to `seq` has arrived and is in good hands."""

    t: Literal["ack"]
    channel: Identifier
    seq: Count


class Close(_Part):
    """The window leaves the channel. `end`: the child is to end, too."""

    t: Literal["close"]
    channel: Identifier
    end: bool


class Ping(_Part):
    """Asks for a pong of the same number."""

    t: Literal["ping"]
    n: Count


class Pong(_Part):
    """Answers a ping."""

    t: Literal["pong"]
    n: Count


class Server(_Part):
    """Who answers: versions of our package, of Ray and of Python."""

    version: Text
    ray: Text
    python: Text


class Welcome(_Part):
    """The token is known."""

    t: Literal["welcome"]
    v: Literal[1]
    server: Server


class Refused(_Part):
    """The link ends. Codes: ``unauthorized``, ``version``, ``protocol``, ``replaced``."""

    t: Literal["refused"]
    code: Word
    message: Text


class About(_Part):
    """Where a child lives. `hello`: its first line, None where it has none. `running`: the cell that runs now."""

    node: Text
    address: Text
    pid: Count
    hello: Any = Field(...)
    running: Optional[Text]


class Waiting(_Part):
    """The child is not there yet; said again while it lasts. Codes: ``resources``, ``environment``, ``starting``."""

    t: Literal["waiting"]
    channel: Identifier
    code: Word
    message: Text


class Opened(_Part):
    """The channel is joined. `epoch` differs from the one the window named where the target remembers nothing of it.

    `received`: the last body of this window that has arrived. `resends`: the number of the first body that comes; what
    lies between it and the window's own `received` was cut. `fresh`: the target was made for this.
    """

    t: Literal["opened"]
    channel: Identifier
    epoch: Identifier
    received: Count
    resends: Sequence
    fresh: bool
    about: About


class Reason(_Part):
    """Codes: ``absent``, ``taken``, ``ended``, ``lost``, ``failed``, ``protocol``."""

    code: Word
    message: Text


class Closed(_Part):
    """The channel is not joined, or no longer."""

    t: Literal["closed"]
    channel: Identifier
    reason: Reason


FromWindow = Annotated[Union[Hello, Open, Data, Ack, Close, Ping, Pong], Field(discriminator="t")]
FromGateway = Annotated[
    Union[Welcome, Refused, Waiting, Opened, Closed, Data, Ack, Ping, Pong],
    Field(discriminator="t"),
]

_from_window: TypeAdapter[FromWindow] = TypeAdapter(FromWindow)
_from_gateway: TypeAdapter[FromGateway] = TypeAdapter(FromGateway)


def read_from_window(text: Union[str, bytes]) -> FromWindow:
    """The frame in `text`. Raises FrameError where it is none that a window may send."""
    return _read(_from_window, text)


def read_from_gateway(text: Union[str, bytes]) -> FromGateway:
    """The frame in `text`. Raises FrameError where it is none that the gateway may send."""
    return _read(_from_gateway, text)


def encode_frame(frame: BaseModel) -> str:
    """The text of `frame`."""
    return frame.model_dump_json()


def _read(adapter: TypeAdapter[Any], text: Union[str, bytes]) -> Any:
    if len(text) > MAX_FRAME_BYTES:
        raise FrameError(f"a frame of {len(text)} bytes; {MAX_FRAME_BYTES} are allowed")
    try:
        return adapter.validate_json(text)
    except ValidationError as error:
        problem = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(str(part) for part in problem["loc"]) or "the frame"
        raise FrameError(f"{place}: {problem['type']}") from None
