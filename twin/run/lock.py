"""One process at a time writes to a run folder.

The lock is one of the operating system on the file ``run.lock``, so it ends with the process that
holds it, however that ends: a file that is left behind locks nothing.
"""

from __future__ import annotations

import errno
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from twin.errors import Problem, RunError

FILE_NAME = "run.lock"
_TAKEN = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)


@contextmanager
def run_lock(folder: Path, name: str = FILE_NAME) -> Iterator[None]:
    """Keep a run folder for this process, or with another `name` only what that stands for.

    Raises
    ------
    RunError
        Another process (or another thread of this one) writes to it.
    """
    path = Path(folder) / name
    handle = _taken(path)
    try:
        yield
    finally:
        # removed while it is still locked: who opened it meanwhile sees that it is another file
        path.unlink(missing_ok=True)
        os.close(handle)


def refuse_busy(folder: Path) -> None:
    """Make sure that no process writes to a run folder that is to be replaced.

    Raises
    ------
    RunError
        One does.
    """
    if (Path(folder) / FILE_NAME).is_file():
        with run_lock(folder):
            pass


def _taken(path: Path) -> int:
    """Return a handle on the lock file, which this process holds locked."""
    while True:
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            what = f"cannot be locked ({error.strerror})."
            raise RunError(Problem(str(path.parent), what, "Make it writable.")) from error
        if not _lock(handle):
            holder = os.read(handle, 200).decode(errors="replace").strip() or "another process"
            os.close(handle)
            raise RunError(
                Problem(
                    str(path.parent),
                    f"is being written by {holder}.",
                    "Wait until that has ended, or choose another folder.",
                )
            )
        if _is_at(handle, path):
            os.ftruncate(handle, 0)
            os.write(handle, f"process {os.getpid()} on {socket.gethostname()}".encode())
            return handle
        os.close(handle)


def _is_at(handle: int, path: Path) -> bool:
    """Whether a handle is of the file that is there now, not of one that was removed."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> bool:
        """Lock a file; False if it is locked already."""
        os.lseek(handle, 1000, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(handle, 0, os.SEEK_SET)
        return True

else:
    import fcntl

    def _lock(handle: int) -> bool:
        """Lock a file; False if it is locked already. Where a file system has no locks: True."""
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            return error.errno not in _TAKEN
        return True
