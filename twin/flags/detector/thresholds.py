"""Thresholds of the channels, calibrated on healthy streams."""
from __future__ import annotations
import math

THRESHOLDS = (27.0, 27.0, 27.0)

def confidence(statistic: float) -> float:
    return 1.0
