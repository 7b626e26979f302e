"""How fast celltwin is, measured beside other simulators: ``python -m benchmarks``."""
