"""No acknowledged message is ever lost: thousands of citizens while everything behind the form is killed.

    script/benchmark faults
    python -m benchmarks.faults --posts 300 --seed 7

A PostgreSQL, a Redis and a mail server of its own, gunicorn, a worker and beat. Redis is away for most of the time;
PostgreSQL, the worker, beat and the web processes are killed every few seconds (SIGKILL, immediate shutdown). People
press again, as they do, until they are answered. In the end everything is started, what waits for its next attempt
is tried at once, and what people were shown is compared with what the database and the mailbox hold.

Each person comes from an address of their own, so the limits for one address stay as they are. The count of all
messages of the hour, by which the form asks for more and more work, is put back every second.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from benchmarks.server import free_port
from benchmarks.under_faults import processes
from benchmarks.under_faults.chaos import KINDS, Chaos
from benchmarks.under_faults.citizens import Citizen, Tally, let_them_come
from benchmarks.under_faults.cluster import OWNER, SITE, Cluster
from benchmarks.under_faults.mailbox import Mailbox, MailServer

POSTS, SEED = 10_000, 7
AT_ONCE, PER_SECOND = 160, 25.0
SECTORS = 12
DRAIN_SECONDS = 3_600.0


@dataclass(frozen=True)
class Stage:
    """All that runs: one process that failed to start is seen in `folder`/log."""

    folder: Path
    cluster: Cluster
    redis: processes.Process
    web: processes.Process
    worker: processes.Process
    beat: processes.Process
    port: int

    @property
    def site(self) -> dict[str, processes.Process]:
        return {"redis": self.redis, "web": self.web, "worker": self.worker, "beat": self.beat}


@contextmanager
def stage(mail_port: int) -> Iterator[Stage]:
    """Make the servers in a folder of their own, with the site's tables; remove all of it in the end."""
    folder = Path(tempfile.mkdtemp(prefix="faults-"))
    (folder / "log").mkdir()
    with ExitStack() as ending:
        ending.callback(shutil.rmtree, folder, ignore_errors=True)
        ending.push(partial(show_logs, folder / "log"))
        cluster = Cluster(folder)
        ending.callback(cluster.stop)
        cluster.create()
        port, redis_socket = free_port(), folder / "redis.sock"
        set_environment(cluster, redis_socket, port, mail_port)
        log = folder / "log"
        running = Stage(
            folder,
            cluster,
            processes.redis(log, redis_socket),
            processes.web(log, port),
            processes.worker(log),
            processes.beat(log),
            port,
        )
        for process in running.site.values():
            ending.callback(process.kill)
        yield running


def show_logs(folder: Path, failure: type[BaseException] | None, *_more: object) -> None:
    """Show the end of each process's log where the run itself failed; a context manager's end."""
    for log in sorted(folder.glob("*.log")) if failure else ():
        print(f"--- {log.name}", *log.read_text(errors="replace").splitlines()[-20:], sep="\n")


def set_environment(cluster: Cluster, redis_socket: Path, port: int, mail_port: int) -> None:
    """Make the tables as their owner; from then on everything works as the role that cannot alter the log."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "benchmarks.under_faults.settings",
        "DATABASE_URL": cluster.url(SITE),
        "REDIS_URL": f"redis+socket://{redis_socket}",
        "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
        "SITE_URL": f"http://localhost:{port}",
        "TRUSTED_PROXIES": "1",
        "LOG_LEVEL": "WARNING",
    }
    migrate = [sys.executable, "manage.py", "migrate", "--no-input", "--verbosity", "0"]
    subprocess.run(migrate, env=os.environ | {"OWNER_DATABASE_URL": cluster.url(OWNER)}, check=True)


def prepare_django() -> list[str]:
    """Connect this program to the database, make sectors with officers, and return the paths of their forms."""
    import django

    django.setup()
    from django.conf import settings
    from django.urls import reverse

    from benchmarks.under_faults.people import make_sectors

    # It outlives the database: no pool, and each look begins with a new connection.
    del settings.DATABASES["default"]["OPTIONS"]["pool"]
    return [reverse("contacts:message_leave", args=[sector.slug]) for sector in make_sectors(SECTORS)]


def drain(running: Stage) -> float:
    """Start everything, let the worker send what waits, and return the seconds that it took."""
    from django.db import connection

    from benchmarks.under_faults.people import try_at_once, waiting

    connection.close()
    if not running.cluster.process.is_running:
        running.cluster.start()
    for process in (running.worker, running.beat):
        process.kill()
    processes.wait_for("PostgreSQL", try_at_once, seconds=60)
    for process in (running.redis, running.web, running.worker, running.beat):
        if not process.is_running:
            process.start()
    begun = time.monotonic()
    while waiting() and time.monotonic() < begun + DRAIN_SECONDS:
        time.sleep(1)
    return time.monotonic() - begun


def main() -> int:
    given = arguments()
    # Whoever ends this program in an orderly way ends with it all that it has started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    mailbox, mail_port, tally = Mailbox(given.seed), free_port(), Tally()
    with MailServer(mailbox, mail_port), stage(mail_port) as running:
        paths = prepare_django()
        from benchmarks.under_faults.people import forget_counts

        for process in (running.web, running.worker, running.beat):
            process.start()

        processes.wait_for("The site", lambda: answers(running.port, "/healthz"), seconds=120)
        chaos = Chaos(
            given.seed,
            running.cluster,
            lambda: tally.answers["message: 303"],
            pace=given.pace,
            **running.site,
        )
        citizens = [Citizen(number, given.seed, running.port, paths, tally) for number in range(given.posts)]
        over = let_them_come(
            citizens, tally, at_once=AT_ONCE, per_second=given.per_second, minutes=given.minutes
        )
        chaos.run_until(over, forget_counts)
        mailbox.is_well = True
        drained = drain(running)
        return report(given, tally, chaos, mailbox, drained)


def answers(port: int, path: str) -> bool:
    try:
        with closing(HTTPConnection("127.0.0.1", port, timeout=2)) as connection:
            connection.request("GET", path)
            return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False


def report(given: argparse.Namespace, tally: Tally, chaos: Chaos, mailbox: Mailbox, drained: float) -> int:
    """Print the table; return 1 where a promise was broken or the run has shown nothing, else 0."""
    from benchmarks.under_faults.comparison import compare, stored_without_answer

    acknowledged = sum(bool(outcome.receipt) for outcome in tally.outcomes)
    broken = compare(tally.outcomes, mailbox)
    complaints = {name: count for name, count in tally.answers.items() if name.startswith("complaint")}
    deliveries = mailbox.taken.total()
    rows: list[tuple[str, object]] = [
        ("messages", len(tally.outcomes)),
        ("presses of the button", sum(outcome.presses for outcome in tally.outcomes)),
        ("acknowledged", acknowledged),
        *sorted(tally.answers.items()),
        ("stored, the sender gave up before an answer", stored_without_answer(tally.outcomes)),
        *broken.items(),
        ("deliveries", deliveries),
        ("deliveries twice (same Message-ID)", deliveries - len(mailbox.taken)),
        *((f"mail server: {name}", count) for name, count in sorted(mailbox.moments.items())),
        *((f"killed: {name}", count) for name, count in sorted(chaos.kills.items())),
        ("seconds of faults", round(chaos.seconds)),
        ("  Redis away, % of them", round(100 - 100 * chaos.redis_seconds / chaos.seconds)),
        ("seconds to deliver the rest", round(drained)),
    ]
    print(f"seed {given.seed}")
    for name, figure in rows:
        print(f"{name:48} {figure:>8,}")
    missing = [kind for kind in KINDS if not chaos.kills[kind]]
    kept = not any(broken.values()) and not complaints and acknowledged == len(tally.outcomes)
    print("kept" if kept and not missing else "NOT KEPT")
    if missing:
        print("never killed:", *missing)
    return 0 if kept and not missing else 1


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="No acknowledged message is ever lost.")
    parser.add_argument("--posts", type=int, default=POSTS)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--per-second", type=float, default=PER_SECOND)
    parser.add_argument("--minutes", type=float, default=60.0, help="who has not come by then does not come")
    parser.add_argument("--pace", type=float, default=1.0, help="of what is killed: 2 is twice as fast")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
