"""The site's own processes, each with its output in a log file, ended as hard as a machine can end them."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

REDIS_PROGRAMS = ("redis-server", "valkey-server", "redis-check-rdb", "valkey-check-rdb")


class Process:
    """A program that can be started, killed with all that it has started, and started again."""

    def __init__(
        self, name: str, command: list[str], folder: Path, *, lent: Sequence[str] = (), **environment: str
    ) -> None:
        """`lent` is what changes the account, if another one shall run it."""
        self.name = name
        # The kernel ends it, should this program be killed.
        command = [*lent, "setpriv", "--pdeathsig", "KILL", "--", *command]
        self.log = folder / f"{name}.log"
        self._command, self.environment = command, environment
        self._running: subprocess.Popen[bytes] | None = None

    @property
    def is_running(self) -> bool:
        return self._running is not None and self._running.poll() is None

    @property
    def pid(self) -> int:
        if self._running is None:
            raise RuntimeError(f"{self.name} does not run.")
        return self._running.pid

    def start(self) -> None:
        with self.log.open("ab") as log:
            self._running = subprocess.Popen(
                self._command,
                env={**os.environ, **self.environment},
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def kill(self) -> None:
        """End it and its children without a word (SIGKILL)."""
        if self._running is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self._running.pid, signal.SIGKILL)
        self._running.wait()

    def kill_child(self, choose: Any) -> bool:
        """End one of its children; tell whether there was one."""
        mine = children_of(self.pid) if self.is_running else []
        if not mine:
            return False
        with suppress(ProcessLookupError):
            os.kill(choose(mine), signal.SIGKILL)
        return True


def children_of(parent: int) -> list[int]:
    """Return the process numbers of the children of a process."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # The name, in brackets, may hold blanks and brackets of its own.
            if int(stat.read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(stat.parent.name))
    return sorted(found)


def wait_for(what: str, answers: Any, *, seconds: float) -> None:
    """Raises RuntimeError when it does not come in time."""
    ends = time.monotonic() + seconds
    while not answers():
        if time.monotonic() > ends:
            raise RuntimeError(f"{what} did not come within {seconds:.0f} seconds.")
        time.sleep(0.1)


def redis(folder: Path, socket: Path) -> Process:
    program = next(filter(None, map(shutil.which, REDIS_PROGRAMS)), None)
    if program is None:
        raise RuntimeError("No Redis is installed on this machine.")
    # Debian's redis-tools has the server under another name; it goes by the name it is called by.
    called = ["bash", "-c", 'exec -a redis-server "$@"', "redis", program]
    options = ["--port", "0", "--unixsocket", str(socket), "--save", "", "--appendonly", "no"]
    return Process("redis", [*called, *options, "--dir", str(folder)], folder)


def web(folder: Path, port: int) -> Process:
    command = [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py", "--log-level", "warning"]
    return Process("web", command, folder, PORT=str(port), WEB_CONCURRENCY="2")


def worker(folder: Path) -> Process:
    command = [sys.executable, "-m", "celery", "--app", "config", "worker", "--loglevel", "WARNING"]
    return Process("worker", [*command, "--concurrency", "2"], folder)


def beat(folder: Path) -> Process:
    command = [sys.executable, "-m", "celery", "--app", "config", "beat", "--loglevel", "WARNING"]
    return Process("beat", [*command, "--schedule", str(folder / "beat-schedule")], folder)
