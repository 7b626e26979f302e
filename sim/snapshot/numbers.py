"""Arrays and long lists of numbers as compact JSON: ranges, runs, equal values."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.snapshot.kinds import fail

TYPES = {"int64": np.int64, "int32": np.int32, "float64": np.float64, "bool": np.bool_}
SHORT = 8


def pack_ints(values: list[int]) -> Any:
    """Return a list of integers, or ``{"range": [first, n]}``."""
    n = len(values)
    if (
        n > SHORT
        and values[-1] - values[0] == n - 1
        and values == [*range(values[0], values[0] + n)]
    ):
        return {"range": [values[0], n]}
    return values


def pack_array(array: np.ndarray, where: str) -> dict[str, Any]:
    """Return an array of numbers or truth values."""
    name = array.dtype.name
    if name not in TYPES:
        raise fail(where, f"an array of '{name}' cannot be saved.")
    return {"dtype": name, "shape": list(array.shape), "values": pack_values(array.ravel())}


def unpack_array(said: dict[str, Any]) -> np.ndarray:
    """Return the array of `pack_array`."""
    return unpack_values(said["values"], TYPES[said["dtype"]]).reshape(said["shape"])


def pack_values(flat: np.ndarray) -> Any:
    """Return the values of a one-dimensional array."""
    n = len(flat)
    if n <= SHORT:
        return flat.tolist()
    if flat.dtype.kind == "i":
        starts = np.flatnonzero(np.diff(flat, prepend=flat[0] - 2) != 1)
        if len(starts) < n // 2:
            return {"runs": [flat[starts].tolist(), np.diff(starts, append=n).tolist()]}
        return flat.tolist()
    changes = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    if len(changes) < n // 4:
        starts = np.concatenate([[0], changes])
        return {"same": [flat[starts].tolist(), np.diff(starts, append=n).tolist()]}
    return flat.tolist()


def unpack_values(said: Any, dtype: type) -> np.ndarray:
    """Return the array of `pack_values`."""
    if isinstance(said, dict) and "runs" in said:
        first, lengths = (np.asarray(part, dtype=np.int64) for part in said["runs"])
        ends = np.cumsum(lengths)
        offset = np.arange(int(ends[-1])) - np.repeat(ends - lengths, lengths)
        return (np.repeat(first, lengths) + offset).astype(dtype)
    if isinstance(said, dict):
        values, lengths = said["same"]
        return np.repeat(np.asarray(values, dtype=dtype), lengths)
    return np.asarray(said, dtype=dtype)


def pack_arrays(arrays: list[np.ndarray | None]) -> dict[str, Any] | None:
    """Return many one-dimensional arrays of integers in one; None if they are no such arrays."""
    present = [a for a in arrays if a is not None]
    if any(a.ndim != 1 or a.dtype != np.int64 for a in present):
        return None
    joined = np.concatenate(present) if present else np.empty(0, dtype=np.int64)
    lengths = np.array([-1 if a is None else len(a) for a in arrays], dtype=np.int64)
    return {"lengths": pack_lengths(lengths), "values": pack_values(joined)}


def pack_lengths(lengths: np.ndarray) -> Any:
    """Return lengths, equal ones in a row as one."""
    if len(lengths) <= SHORT:
        return lengths.tolist()
    starts = np.concatenate([[0], np.flatnonzero(np.diff(lengths)) + 1])
    return {"same": [lengths[starts].tolist(), np.diff(starts, append=len(lengths)).tolist()]}


def unpack_arrays(said: dict[str, Any]) -> list[np.ndarray | None]:
    """Return the arrays of `pack_arrays`."""
    lengths = unpack_values(said["lengths"], np.int64)
    values = unpack_values(said["values"], np.int64)
    ends = np.cumsum(np.maximum(lengths, 0)).tolist()
    return [
        None if n < 0 else values[end - n : end]
        for n, end in zip(lengths.tolist(), ends, strict=True)
    ]
