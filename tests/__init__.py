"""A package, so that `tests` of this project is found before a `tests` that a library installed."""
