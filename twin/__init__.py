"""The twin: what a plant is and what happened in it.

The pipeline in one line: plant + scenario -> ``sim`` -> run folder -> ``twin`` -> ``dashboard``.
"""

__version__ = "0.1.0"
