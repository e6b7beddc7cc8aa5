"""What the jobs have in common: each does one thing and says what came of it in one line of JSON, its last."""

import argparse
import base64
import contextlib
import json
import sys
from typing import Any, Callable

import ray

from byzer_ray.ledger import NAMESPACE


class JobError(Exception):
    """What was to be done cannot be done. `code` is for the program that asked, the message for the person."""

    def __init__(self, code: str, message: str, **values: str) -> None:
        super().__init__(message)
        self.code = code
        self.values = values


def config_argument() -> dict[str, Any]:
    """The object given with ``--config`` as base64url of its JSON. It holds no secrets: a command line is seen."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--config", required=True)
    text = parser.parse_args().config
    config = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    if not isinstance(config, dict):
        raise SystemExit("--config is no object")
    return config


def run_job(work: Callable[[], dict[str, Any]]) -> None:
    """Connects, does `work`, prints its result. What others print meanwhile goes to the standard error."""
    with contextlib.redirect_stdout(sys.stderr):
        try:
            ray.init(address="auto", namespace=NAMESPACE, log_to_driver=False)
            result = {"ok": True, **work()}
        except JobError as error:
            result = {"ok": False, "code": error.code, "message": str(error), "values": error.values}
        except Exception as error:  # noqa: BLE001 - whoever waits for the line must get one
            message = f"{type(error).__name__}: {error}"
            result = {"ok": False, "code": "failed", "message": message[:2000], "values": {}}
    sys.stdout.write(json.dumps(result) + "\n")
    sys.stdout.flush()
