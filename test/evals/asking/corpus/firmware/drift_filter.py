"""Takes the drift of a pressure cell out of tide records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

MAX_GAP_SECONDS = 1800
SPIKE_LIMIT_CM = 45.0


class GapError(ValueError):
    """Raised when two records are further apart than MAX_GAP_SECONDS."""


def remove_spikes(levels: Sequence[float], limit: float = SPIKE_LIMIT_CM) -> list[float]:
    """Replace every level that jumps by more than ``limit`` by the median of its neighbours."""
    cleaned = list(levels)
    for position in range(1, len(cleaned) - 1):
        before, level, after = cleaned[position - 1 : position + 2]
        if abs(level - before) > limit and abs(level - after) > limit:
            cleaned[position] = (before + after) / 2
    return cleaned


def check_gaps(seconds: Iterable[int]) -> None:
    """Raise GapError where the clock jumps by more than half an hour."""
    previous: int | None = None
    for second in seconds:
        if previous is not None and second - previous > MAX_GAP_SECONDS:
            raise GapError(f"no record for {second - previous} s")
        previous = second


def estimate_drift(levels: Sequence[float], reference: Sequence[float]) -> float:
    """Return the drift in centimetres per day: the slope of a straight line through the differences.

    Records come every ten minutes, that is 144 a day.
    """
    differences = [level - known for level, known in zip(levels, reference, strict=True)]
    middle = (len(differences) - 1) / 2
    mean = sum(differences) / len(differences)
    above = sum((place - middle) * (value - mean) for place, value in enumerate(differences))
    below = sum((place - middle) ** 2 for place in range(len(differences)))
    return 144 * above / below


def correct(levels: Sequence[float], drift: float) -> list[float]:
    """Subtract a drift that grows evenly from the first record on."""
    return [level - drift * place / 144 for place, level in enumerate(levels)]
