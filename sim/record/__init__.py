"""What the engine notes down: flat numbers while it runs, columns of the run tables at a flush."""
