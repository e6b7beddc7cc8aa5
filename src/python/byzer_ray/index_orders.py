"""What windows say to whoever indexes for them, checked on arrival."""

from typing import Annotated, Any, Literal, Optional, Union

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from byzer_ray.creation import Sha256
from byzer_ray.frames import Count

Path = Annotated[str, StringConstraints(min_length=1, max_length=8192)]
OrderId = Annotated[str, StringConstraints(min_length=1, max_length=100)]


class IndexBodyError(ValueError):
    """A body that nobody may say. The message names the member, never its value: it may be a password."""


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")


class WindowSource(_Part):
    """Files come from the window, in packs."""

    kind: Literal["window"]


class ClusterSource(_Part):
    """Files lie where the cluster reads them: `root` is an absolute path, or the address of an object store."""

    kind: Literal["cluster"]
    root: Path
    exclude: list[str]
    gitIgnoring: Optional[dict[str, bool]] = None
    keepExcluded: bool
    mostFiles: Count


class Embedder(_Part):
    """A model that embeds, behind an address."""

    baseUrl: str
    model: str
    maxBatch: Count


class Order(_Part):
    """An update of a shared index. `parallel`: tasks at a time; 0: as many as the cluster has processors.

    `database` is handed to the program that writes as it is; what of it is secret comes in a body of its own.
    """

    id: OrderId
    corpus: str
    database: dict[str, Any]
    embedder: Optional[Embedder]
    isWhole: bool
    parallel: Count
    source: Annotated[Union[WindowSource, ClusterSource], Field(discriminator="kind")]


class Secrets(_Part):
    """What is kept in memory only, and told to nothing but the programs that need it."""

    order: OrderId
    password: Optional[str]
    tlsKey: Optional[str]
    embeddingKey: Optional[str]


class CarriedFile(_Part):
    """A file of a pack. `sizeBytes`: of its content there; None where the content is not to be read."""

    path: Path
    sizeBytes: Optional[Count]
    isSecret: bool
    knownHash: Optional[str]
    givenUp: Optional[str]


class Files(_Part):
    """Files of one pack; contents follow one another in it. `pack`: its hash, None where no file has content."""

    order: OrderId
    pack: Optional[Sha256]
    files: list[CarriedFile]


class Last(_Part):
    """All files were said, so many. `unchanged`: how many others are as they were."""

    order: OrderId
    ofFiles: Count
    unchanged: Count


class Cancel(_Part):
    """The update is to stop. What is written stays."""

    order: OrderId


IndexBody = Union[Order, Secrets, Files, Last, Cancel]
_BODIES: dict[str, TypeAdapter[Any]] = {
    "order": TypeAdapter(Order),
    "secrets": TypeAdapter(Secrets),
    "files": TypeAdapter(Files),
    "last": TypeAdapter(Last),
    "cancel": TypeAdapter(Cancel),
}


def read_index_body(body: Any) -> Optional[IndexBody]:
    """What a window has said; None for a kind that this version does not know. Raises IndexBodyError."""
    if not isinstance(body, dict) or len(body) != 1:
        raise IndexBodyError("a body has one member")
    (name,) = body
    adapter = _BODIES.get(name)
    if adapter is None:
        return None
    try:
        read: IndexBody = adapter.validate_python(body[name])
        return read
    except ValidationError as error:
        problem = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(str(part) for part in (name, *problem["loc"]))
        raise IndexBodyError(f"{place}: {problem['type']}") from None
