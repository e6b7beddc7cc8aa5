"""Job: puts the gateway on the cluster, or a newer one in its place. Children that live stay as they are."""

import platform
import re
import sys
from typing import Any, Optional

import ray

from byzer_ray.admit import admit
from byzer_ray.job import JobError, config_argument, run_job
from byzer_ray.ledger import ledger_handle

APPLICATION = "byzer"
PREFIX = "/byzer"
# Older ones bind what is made in an actor's constructor to another event loop than its methods run in.
MINIMUM_PYTHON = (3, 10)


def main() -> None:
    """``--config``: ``version``, ``ray`` (``min``, ``below``), ``http`` (``host`` and ``port`` where Serve is started,
    or null), ``admit`` (hashes of tokens to let in).
    """
    config = config_argument()
    run_job(lambda: deploy(config))


def deploy(config: dict[str, Any]) -> dict[str, Any]:
    """Does it and returns what is there now. Raises JobError."""
    _check_versions(config["ray"])
    try:
        from ray import serve

        from byzer_ray.gateway import Gateway

        http = _started(config.get("http"))
    except ModuleNotFoundError as error:
        raise _without_serve(error) from error
    ledger = ledger_handle()
    version: str = config["version"]
    there: Optional[str] = ray.get(ledger.noted.remote("version"))
    running = serve.status().applications.get(APPLICATION)
    if there is None and running is not None:
        raise _taken(f"Another application of the name {APPLICATION} runs on the cluster.", APPLICATION)
    if there is not None and running is not None and running.status == "RUNNING" and not is_newer(version, there):
        version = there
    else:
        _run(Gateway.bind(version))  # type: ignore[attr-defined]
        ray.get(ledger.note.remote("version", version))
    for token_hash in config.get("admit", []):
        admit(token_hash, "")
    return {
        "version": version,
        "admitted": bool(config.get("admit")),
        "http": http,
        "prefix": PREFIX,
        "ray": ray.__version__,
        "python": platform.python_version(),
    }


def _check_versions(expected: dict[str, str]) -> None:
    found = _numbers(ray.__version__)
    if not _numbers(expected["min"]) <= found < _numbers(expected["below"]):
        message = (
            f"The cluster has Ray {ray.__version__}; from {expected['min']} and below {expected['below']} is needed."
        )
        raise JobError("ray-version", message, found=ray.__version__, **expected)
    if sys.version_info < MINIMUM_PYTHON:
        needed = ".".join(str(part) for part in MINIMUM_PYTHON)
        message = f"The cluster has Python {platform.python_version()}; {needed} or newer is needed."
        raise JobError("python-version", message, found=platform.python_version(), min=needed)


def _run(application: Any) -> None:
    from ray import serve

    try:
        serve.run(application, name=APPLICATION, route_prefix=PREFIX)
    except Exception as error:
        taken = re.search(rf'Prefix {PREFIX} is being used by application "(.*?)"', str(error))
        if taken is None:
            raise
        other = taken.group(1)
        raise _taken(f"The application {other} answers at {PREFIX} on the cluster.", other) from error


def is_newer(version: str, there: str) -> bool:
    """Whether `version` is to take the place of `there`: a higher number, or another build of the same number."""
    numbers, numbers_there = _numbers(version.partition("+")[0]), _numbers(there.partition("+")[0])
    return version != there and numbers >= numbers_there


def _without_serve(error: ModuleNotFoundError) -> JobError:
    """Ray's own list of what Serve needs has been incomplete: what is missing is named."""
    missing = error.name or str(error)
    message = f"Ray Serve does not run on the cluster: its Python lacks the module {missing}."
    return JobError("serve-missing", message, module=missing, install="ray[default,serve]")


def _started(http: Optional[dict[str, Any]]) -> dict[str, Any]:
    """Starts Serve where it does not run; returns where it listens: where it was running, as somebody else has said."""
    from ray import serve
    from ray.serve.context import _get_global_client

    serve.start(http_options=None if http is None else {**http, "location": "HeadOnly"})
    client: Any = _get_global_client()
    found = client.http_config
    return {"host": found.host, "port": found.port}


def _taken(message: str, application: str) -> JobError:
    return JobError("prefix-taken", message, prefix=PREFIX, application=application)


def _numbers(version: str) -> tuple[int, ...]:
    numbers = []
    for part in version.split("."):
        digits = "".join(letter for letter in part if letter.isdigit())
        if not digits or digits != part:
            break
        numbers.append(int(digits))
    return tuple(numbers)


if __name__ == "__main__":
    main()
