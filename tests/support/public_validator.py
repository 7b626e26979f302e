"""Runs one of the public validators over many files in one process, and prints findings as JSON.

``public_validator.py MODULE [--no-variants] FILE ...``; starting a validator takes seconds, and a
component takes hundredths of one.
"""

from __future__ import annotations

import importlib
import json
import sys


def main() -> None:
    """Validate every file and print a dictionary from file to findings."""
    module, *files = sys.argv[1:]
    variants = "--no-variants" not in files
    engine = importlib.import_module(module).ValidationEngine(variants=variants)
    found = {
        file: [f"{issue.rule}: {issue.message}" for issue in engine.validate(file).issues()]
        for file in files
        if not file.startswith("--")
    }
    sys.stdout.write("\nFOUND " + json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
