"""CAD models of the assets: one module per equipment type, built with build123d.

Nobody needs build123d to use celltwin: what the models make is in `scenes/assets/library`.
"""
