"""``python -m twin.cli`` is the same as ``celltwin``."""

from twin.cli import main

main()
