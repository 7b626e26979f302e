"""The run folder: the one contract between the engine (or a real plant) and everything else."""
