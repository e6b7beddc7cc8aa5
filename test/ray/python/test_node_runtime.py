"""Finding a Node; no cluster."""

import os
from pathlib import Path

import pytest

from byzer_ray import node_runtime
from byzer_ray.link import pip_words


def fake_node(folder: Path, version: str) -> Path:
    """A program called node that says it is of `version`."""
    folder.mkdir()
    path = folder / "node"
    path.write_text(f"#!/bin/sh\necho v{version}\n", "ascii")
    path.chmod(0o755)
    return path


def test_an_old_node_before_a_new_one_on_the_path_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a machine whose system has an older one."""
    fake_node(tmp_path / "old", "18.20.4")
    new = fake_node(tmp_path / "new", "22.1.0")
    monkeypatch.setenv("PATH", os.pathsep.join((str(tmp_path / "old"), str(tmp_path / "new"), os.environ["PATH"])))
    assert node_runtime.find_node() == str(new)


def test_of_what_pip_said_its_errors_are_told() -> None:
    """Ray tells much of its own before it."""
    said = (
        "Failed to set up runtime environment.\n"
        "Could not create the actor because its associated runtime env failed to be created.\n"
        'Traceback (most recent call last):\n  File "/a/ray/_private/runtime_env/agent/agent.py", line 387\n'
        "RuntimeError: pip install failed, output:\n"
        "Looking in indexes: https://index.example/simple\n"
        "\x1b[31mERROR: Could not find a version that satisfies the requirement no-such (from versions: none)\x1b[0m\n"
        "ERROR: No matching distribution found for no-such\n"
    )
    assert pip_words(Exception(said)) == (
        "ERROR: Could not find a version that satisfies the requirement no-such (from versions: none) "
        "ERROR: No matching distribution found for no-such"
    )
    assert pip_words(Exception("a\nb\nc\nd")) == "b c d"
