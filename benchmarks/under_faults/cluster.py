"""A PostgreSQL of its own that is made to be killed: fsync on, synchronous_commit as PostgreSQL has it."""

import os
import pwd
import random
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from benchmarks.under_faults.processes import Process, children_of, wait_for

OWNER, SITE, NAME = "station", "station_application", "faults"


def programs() -> Path | None:
    """Return the folder of the newest installed PostgreSQL that has PostGIS beside it, None without one."""
    found = [
        path
        for path in Path("/usr/lib/postgresql").glob("*/bin")
        if Path(f"/usr/share/postgresql/{path.parent.name}/extension/postgis.control").exists()
    ]
    return max(found, key=lambda path: int(path.parent.name), default=None)


class Cluster:
    """The server, the folder of its data, and the ways to end it."""

    def __init__(self, folder: Path) -> None:
        found = programs()
        if found is None:
            raise RuntimeError("No PostgreSQL with PostGIS is installed on this machine.")
        self._programs, self._data, self.sockets = found, folder / "data", folder
        self._as_account = self._lent_account(folder)
        settings = {"listen_addresses": "", "unix_socket_directories": str(folder), "fsync": "on"}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        server = [str(found / "postgres"), "-D", str(self._data), *options]
        self.process = Process("postgresql", server, folder / "log", lent=self._as_account)

    @staticmethod
    def _lent_account(folder: Path) -> list[str]:
        """PostgreSQL refuses to run as root, which lends it an unprivileged account."""
        if os.geteuid() != 0:
            return []
        names = {entry.pw_name for entry in pwd.getpwall()}
        account = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
        shutil.chown(folder, account.pw_uid, account.pw_gid)
        return [
            "setpriv",
            f"--reuid={account.pw_uid}",
            f"--regid={account.pw_gid}",
            "--clear-groups",
            "env",
            "-C",
            "/",
        ]

    def url(self, role: str) -> str:
        return f"postgis://{role}@/{NAME}?host={quote(str(self.sockets), safe='')}"

    def create(self) -> None:
        """Make the cluster and an empty database, and start it."""
        initdb = [str(self._programs / "initdb"), "--pgdata", str(self._data), "--username", OWNER]
        options = ["--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8"]
        self._run([*self._as_account, *initdb, *options])
        self.start()
        self._run([str(self._programs / "createdb"), "-h", str(self.sockets), "-U", OWNER, NAME])

    @staticmethod
    def _run(command: list[str]) -> None:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{command[-1]}: {done.stderr}")

    def start(self) -> None:
        """Start it and wait until it has recovered; raises RuntimeError when it does not."""
        self.process.start()
        wait_for("PostgreSQL", self._is_ready, seconds=60)

    def _is_ready(self) -> bool:
        if not self.process.is_running:  # the shared memory of the one before was still in use
            time.sleep(0.2)
            self.process.start()
        ready = [str(self._programs / "pg_isready"), "-q", "-h", str(self.sockets), "-d", "postgres"]
        return subprocess.run([*ready, "-U", OWNER], check=False).returncode == 0

    def crash(self, rng: random.Random) -> str:
        """End it in one of three ways, and return which. After the last it is there again by itself."""
        way = rng.choice(["killed", "shut down at once", "one backend killed"])
        if way == "one backend killed":
            self._kill(rng.choice(self._backends() or [self.process.pid]))
        elif way == "shut down at once":
            os.kill(self.process.pid, signal.SIGQUIT)
            self._wait_for_end()
        else:
            backends = self._backends()
            self._kill(self.process.pid)
            for backend in backends:
                self._kill(backend)
            self._wait_for_end()
        return way

    def _backends(self) -> list[int]:
        return children_of(self.process.pid)

    @staticmethod
    def _kill(pid: int) -> None:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)

    def _wait_for_end(self) -> None:
        wait_for("The end of PostgreSQL", lambda: not self.process.is_running, seconds=30)

    def stop(self) -> None:
        if self.process.is_running:
            os.kill(self.process.pid, signal.SIGINT)
            with suppress(RuntimeError):
                self._wait_for_end()
        self.process.kill()
