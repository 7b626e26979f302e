"""How one cycle differs from the others of its machine, by its time and its sensors."""

from __future__ import annotations

from twin.signature.score import Signature, signature

__all__ = ["Signature", "signature"]
