"""Snapshots: the whole state of a running plant as plain JSON, and back again."""
