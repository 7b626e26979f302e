"""The sky over the plant: a small picture of all directions, computed, for a dome light."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from twin.usd.light import SUN_AZIMUTH_DEG, SUN_ELEVATION_DEG

Floats = NDArray[np.float64]

FILE = "materials/sky.png"
ROWS = 320
N_WAVES = 28

ZENITH = (0.16, 0.31, 0.62)
HAZE = (0.74, 0.80, 0.87)
CLOUD = (0.94, 0.95, 0.97)
LAND = (0.17, 0.20, 0.10)
"""Linear-light colours of the sky above, at the horizon, of clouds and of the land far away."""


def write_sky(folder: Path) -> None:
    """Write the picture into the folder of a stage."""
    path = folder / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_png(_encoded(sky())))


def sky(rows: int = ROWS) -> Floats:
    """Return linear-light colours (rows, 2 rows, 3) by direction.

    The first row is straight up, the last straight down. The middle of a row is the direction of
    the x axis, and further right is clockwise seen from above, as a dome light reads it.
    """
    up = np.pi / 2 - (np.arange(rows) + 0.5) * np.pi / rows
    around = np.pi - (np.arange(2 * rows) + 0.5) * np.pi / rows
    height, turn = np.meshgrid(up, around, indexing="ij")
    way = np.stack(
        [np.cos(height) * np.cos(turn), np.cos(height) * np.sin(turn), np.sin(height)], axis=-1
    )
    return np.where((way[..., 2] > 0)[..., None], _air(way), _land(way))


def _air(way: Floats) -> Floats:
    """Return the colour of the sky: gradient, glow around the sun, clouds that thin out upwards."""
    z = np.maximum(way[..., 2], 0.0)
    air = _mixed(ZENITH, HAZE, np.exp(-z * 4.2))
    glow = np.clip(way @ _sun_way(), 0.0, 1.0)
    air = air + (0.16 * glow**6 + 0.22 * glow**60)[..., None] * np.array([1.0, 0.93, 0.8])
    flat = way[..., :2] / (z + 0.12)[..., None]
    cover = np.clip((_noise(flat) + 0.05) * 0.9, 0.0, 1.0) * np.clip(z * 6.0, 0.0, 1.0)
    return _mixed(air, CLOUD, 0.7 * cover)


def _land(way: Floats) -> Floats:
    """Return the colour of the land: darker towards the feet, hazy towards the horizon."""
    depth = np.maximum(-way[..., 2], 0.0)
    patches = 1.0 + 0.1 * np.tanh(2.0 * _noise(way[..., :2] / (depth + 0.03)[..., None]))
    far = np.exp(-depth * 14.0)
    return _mixed(np.array(LAND) * patches[..., None], np.array(HAZE) * 0.8, far)


def _noise(spot: Floats) -> Floats:
    """Return a smooth random field (about -1 to 1): waves of every direction and length."""
    random = np.random.default_rng(7)
    found = np.zeros(spot.shape[:-1])
    for k in range(N_WAVES):
        pitch = 1.6 * 1.3 ** (k % 14)
        angle, shift = random.uniform(0.0, 2 * np.pi, 2)
        along = spot[..., 0] * np.cos(angle) + spot[..., 1] * np.sin(angle)
        found += np.sin(pitch * along * 2.2 + shift + found) / pitch
    return np.asarray(found / 2.2)


def _mixed(low: object, high: object, share: Floats) -> Floats:
    part = share[..., None]
    return np.asarray(np.asarray(low) * (1 - part) + np.asarray(high) * part)


def _sun_way() -> Floats:
    up, turn = np.radians(SUN_ELEVATION_DEG), np.radians(SUN_AZIMUTH_DEG)
    return np.array([np.cos(up) * np.cos(turn), np.cos(up) * np.sin(turn), np.sin(up)])


def _encoded(linear: Floats) -> NDArray[np.uint8]:
    """Return sRGB bytes."""
    value = np.clip(linear, 0.0, 1.0)
    curve = np.where(value <= 0.0031308, 12.92 * value, 1.055 * value ** (1 / 2.4) - 0.055)
    return np.asarray(np.round(curve * 255), dtype=np.uint8)


def _png(pixels: NDArray[np.uint8]) -> bytes:
    """Return an image (rows, columns, 3) as a PNG, every row as the difference to the last."""
    rows, columns, _ = pixels.shape
    above = np.vstack([np.zeros_like(pixels[:1]), pixels[:-1]])
    lines = (pixels - above).reshape(rows, -1)
    data = b"".join(b"\x02" + line.tobytes() for line in lines)
    head = struct.pack(">IIBBBBB", columns, rows, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(data, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )
