"""Phases of a machine, as far as a stop is concerned."""

WAITING, ATTENDED, RUNNING, DOWN = range(4)
"""It waits at a place; it is prepared, set up or unloaded, and a failure waits until work begins;
it works; it is stopped or rests."""
