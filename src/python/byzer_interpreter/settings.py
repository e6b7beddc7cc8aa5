"""What the host told this process when it started it."""

import os
from typing import NamedTuple

PREFIX = "BYZER_INTERPRETER_"


class Settings(NamedTuple):
    """Read once; the environment no longer holds it afterwards, so cells and their children never see the token."""

    port: int
    # Where the host waits instead of at a port; empty where it does not.
    socket: str
    token: str
    title: str
    output_directory: str
    memory_limit_bytes: int
    # The host's instruction as JSON; empty where code is not held.
    sandbox: str
    # The machine of a cluster that it runs on; empty on the person's own.
    node: str


def _take_token(path: str) -> str:
    """Reads the token, which is in no environment and on no command line, and removes it."""
    with open(path, encoding="ascii") as file:
        token = file.read()
    os.remove(path)
    return token


def take_settings() -> Settings:
    """Reads the settings and removes them from the environment.

    Raises SystemExit with a sentence for the person where they are missing: the program was started by hand.
    """
    values = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith(PREFIX)}
    try:
        return Settings(
            port=int(values.get(PREFIX + "PORT", "0")),
            socket=values.get(PREFIX + "SOCKET", ""),
            token=_take_token(values[PREFIX + "TOKEN_FILE"]),
            title=values.get(PREFIX + "TITLE", ""),
            output_directory=values[PREFIX + "OUTPUT"],
            memory_limit_bytes=int(values.get(PREFIX + "MEMORY_LIMIT", "0")),
            sandbox=values.get(PREFIX + "SANDBOX", ""),
            node=values.get(PREFIX + "NODE", ""),
        )
    except (KeyError, ValueError, OSError) as error:
        raise SystemExit(
            f"This program is started by Byzer Agent, not by hand ({error} is missing or wrong)."
        ) from None
