"""What windows and jobs may ask for, and what is made of it."""

from typing import Any

import pytest

from byzer_ray.children import NoRoom, refuse_what_fits_nowhere, wanted_resources
from byzer_ray.creation import CreationError, GroupCreation, KernelCreation, read_creation
from byzer_ray.deploy import is_newer

CREATE: "dict[str, Any]" = {"title": "t", "cpus": 1, "memoryBytes": 0}
NODES = [
    {"Alive": True, "Resources": {"CPU": 2.0, "memory": 4.0 * 2**30}},
    {"Alive": True, "Resources": {"CPU": 8.0, "memory": 2.0 * 2**30, "GPU": 1.0}},
    {"Alive": False, "Resources": {"CPU": 64.0, "memory": 64.0 * 2**30, "GPU": 8.0}},
]


def test_what_is_left_out_has_a_meaning() -> None:
    """Of both kinds."""
    kernel = read_creation("kernel", CREATE)
    assert isinstance(kernel, KernelCreation)
    assert (kernel.pip, kernel.columns, kernel.idleS, kernel.gpus) == ([], 120, 0, 0)
    group = read_creation("group", {**CREATE, "cpus": 0.5, "settings": {"a": [1]}})
    assert isinstance(group, GroupCreation)
    assert (group.bundle, group.settings) == (None, {"a": [1]})


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("kernel", {"cpus": "1"}),
        ("kernel", {"memoryBytes": 1.5}),
        ("kernel", {"memoryBytes": -1}),
        ("kernel", {"resources": {"x": -1}}),
        ("kernel", {"columns": 0}),
        ("kernel", {"pip": "pandas"}),
        ("kernel", {"title": None}),
        ("group", {"bundle": "../x"}),
        ("group", {"gpus": float("inf")}),
        ("planet", {}),
    ],
)
def test_what_cannot_be_read_is_named(kind: str, change: "dict[str, Any]") -> None:
    """By its member."""
    with pytest.raises(CreationError, match=next(iter(change), "planet")):
        read_creation(kind, {**CREATE, **change})


@pytest.mark.parametrize(
    ("change", "fits"),
    [
        ({"cpus": 8}, True),
        ({"cpus": 2, "memoryBytes": 4 * 2**30}, True),
        ({"cpus": 4, "memoryBytes": 4 * 2**30}, False),
        ({"gpus": 2}, False),
        ({"cpus": 64}, False),
        ({"resources": {"disk": 1}}, False),
        ({"cpus": 0, "resources": {"disk": 0}}, True),
    ],
)
def test_what_fits_no_node_is_refused(change: "dict[str, Any]", fits: bool) -> None:
    """With what is wanted and what is there."""
    creation = read_creation("kernel", {**CREATE, **change})
    if fits:
        refuse_what_fits_nowhere(creation, NODES)
        return
    with pytest.raises(NoRoom) as refusal:
        refuse_what_fits_nowhere(creation, NODES)
    assert "2 CPUs, 4.0 GB; 8 CPUs, 2.0 GB" in str(refusal.value)
    assert wanted_resources(creation)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"memoryBytes": 900 * 2**30}, "No node of the cluster has 900.0 GB of memory. Its"),
        ({"cpus": 64, "memoryBytes": 900 * 2**30}, "No node of the cluster has 64 CPU, 900.0 GB of memory. Its"),
        ({"cpus": 4, "memoryBytes": 4 * 2**30}, "No node of the cluster has 4 CPU, 4.0 GB of memory at once. Its"),
        ({"gpus": 2}, "No node of the cluster has 2 GPU. Its"),
    ],
)
def test_only_what_is_lacking_is_blamed(change: "dict[str, Any]", said: str) -> None:
    """And that it is wanted of one node, where each alone is there."""
    with pytest.raises(NoRoom) as refusal:
        refuse_what_fits_nowhere(read_creation("kernel", {**CREATE, **change}), NODES)
    assert str(refusal.value).startswith(said)


@pytest.mark.parametrize(
    ("version", "there", "newer"),
    [
        ("1.2.0+a", "1.2.0+a", False),
        ("1.2.0+b", "1.2.0+a", True),
        ("1.10.0+a", "1.9.9+a", True),
        ("1.9.9+a", "1.10.0+a", False),
        ("2.0.0+a", "1.0.0+a", True),
    ],
)
def test_a_newer_version_or_build_takes_the_place(version: str, there: str, newer: bool) -> None:
    """An older one never."""
    assert is_newer(version, there) is newer
