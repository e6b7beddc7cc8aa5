"""How children are made: what a window may ask for, checked."""

from typing import Annotated, Any, Optional

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from byzer_ray.frames import MAX_INTEGER

Amount = Annotated[float, Field(ge=0, le=MAX_INTEGER, allow_inf_nan=False)]
Bytes = Annotated[int, Field(ge=0, le=MAX_INTEGER)]
Text = Annotated[str, StringConstraints(max_length=1000)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class CreationError(ValueError):
    """What was asked for cannot be read. The message names the member."""


class Creation(BaseModel):
    """What every child is given. ``memoryBytes`` is reserved on its node and is its limit; 0: neither."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")

    title: Text
    cpus: Amount
    memoryBytes: Bytes
    gpus: Amount = 0
    # Custom resources of the cluster, by name.
    resources: dict[Text, Amount] = {}
    # Seconds without a window and without work after which it ends itself; 0: never.
    idleS: Amount = 0
    # Requirements as pip reads them, installed before it starts. Empty: the cluster's Python as it is.
    pip: Annotated[list[Text], Field(max_length=200)] = []


class KernelCreation(Creation):
    """An interpreter."""

    columns: Annotated[int, Field(ge=1, le=1000)] = 120
    rows: Annotated[int, Field(ge=1, le=1000)] = 30


class GroupCreation(Creation):
    """A group of agents."""

    # The hash of the program that Node runs; None: the one that came with the package.
    bundle: Optional[Sha256] = None
    # Handed to the program as it is. No keys: it is kept.
    settings: Any = None


class IndexCreation(Creation):
    """Who directs updates of one shared index."""


CREATIONS: dict[str, type[Creation]] = {"kernel": KernelCreation, "group": GroupCreation, "index": IndexCreation}


def read_creation(kind: str, create: dict[str, Any]) -> Creation:
    """What is to be made. Raises CreationError."""
    known = CREATIONS.get(kind)
    if known is None:
        raise CreationError(f"there are no children of the kind {kind!r}")
    try:
        return known.model_validate(create)
    except ValidationError as error:
        problem = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(str(part) for part in problem["loc"])
        raise CreationError(f"{place}: {problem['msg']}") from None
