"""Stations that name a USD file of their own as their look (``asset: ./my_machine.usd``)."""

from __future__ import annotations

from pathlib import Path

from twin.plant.tree import Node

SUFFIXES = frozenset({".usd", ".usda", ".usdc", ".usdz"})


def is_file(asset: str) -> bool:
    """Whether an asset is a file, not the name of one that comes with celltwin."""
    return Path(asset).suffix.lower() in SUFFIXES


def with_full_paths(node: Node, folder: Path) -> Node:
    """Return a tree in which files of assets are absolute; they start from `folder`."""

    def full(key: str, child: Node) -> Node:
        if key == "asset" and isinstance(child.value, str) and is_file(child.value):
            return child.with_value(str((folder / child.value).resolve()))
        return with_full_paths(child, folder) if child.fields or child.items else child

    return node.map_children(full)
