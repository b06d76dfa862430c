"""What goes wrong meanwhile: by a seed, in turn, from one thread."""

import heapq
import random
import threading
import time
from collections import Counter
from collections.abc import Callable

from benchmarks.under_faults.cluster import Cluster
from benchmarks.under_faults.processes import Process

# Seconds until the next of a kind, between these two. What messages need is killed again when some more have come
# in since, however slow the machine is, or after so many seconds.
MESSAGES_BETWEEN, WAITS = 20, 60.0
EVERY = {
    "database": (8.0, 18.0),
    "database down": (0.3, 3.0),
    "worker": (6.0, 25.0),
    "beat": (15.0, 40.0),
    "web process": (4.0, 12.0),
    "web server": (35.0, 70.0),
    "redis away": (30.0, 50.0),
    "redis there": (10.0, 18.0),
    "a second": (1.0, 1.0),
}
# Without one of each a run has shown nothing.
KINDS = ("database", "worker", "beat", "web process", "web server", "redis")


class Chaos:
    """Kills what runs, and starts it again."""

    def __init__(
        self,
        seed: int,
        cluster: Cluster,
        messages: Callable[[], int],
        *,
        pace: float = 1.0,
        **processes: Process,
    ) -> None:
        """`messages` says how many have come in, `pace` how many times as fast as in EVERY it goes."""
        self._messages, self._pace = messages, pace
        self._last: dict[str, tuple[int, float]] = {}
        self.kills: Counter[str] = Counter()
        self.seconds = self.redis_seconds = 0.0
        self._rng = random.Random(seed)
        self._cluster, self._processes = cluster, processes
        self._agenda: list[tuple[float, int, Callable[[], None]]] = []
        self._turn = 0

    def run_until(self, over: threading.Event, meanwhile: Callable[[], None]) -> None:
        """Let things go wrong until all citizens have been answered, and do `meanwhile` every second.

        Redis is away from the beginning on.
        """
        self._meanwhile = meanwhile
        for kind, act in (
            ("database", self._crash_database),
            ("worker", self._kill_worker),
            ("beat", self._kill_beat),
            ("web process", self._kill_web_process),
            ("web server", self._kill_web_server),
            ("redis away", self._bring_redis),
            ("a second", self._do_meanwhile),
        ):
            self._plan(kind, act)
        begun = time.monotonic()
        while not over.wait(0.02):
            self._do_what_is_due()
        self.seconds = time.monotonic() - begun

    def _plan(self, kind: str, act: Callable[[], None]) -> float:
        pause = self._rng.uniform(*EVERY[kind]) / self._pace
        self._turn += 1
        heapq.heappush(self._agenda, (time.monotonic() + pause, self._turn, act))
        return pause

    def _do_what_is_due(self) -> None:
        while self._agenda and self._agenda[0][0] <= time.monotonic():
            heapq.heappop(self._agenda)[2]()

    def _do_meanwhile(self) -> None:
        self._meanwhile()
        self._plan("a second", self._do_meanwhile)

    def _is_early(self, kind: str) -> bool:
        """Tell whether too few messages have come in since the last of a kind; count from here on otherwise."""
        count, when = self._last.get(kind, (0, 0.0))
        if self._messages() < count + MESSAGES_BETWEEN and time.monotonic() < when + WAITS:
            return True
        self._last[kind] = self._messages(), time.monotonic()
        return False

    def _crash_database(self) -> None:
        if self._is_early("database"):
            self._plan("a second", self._crash_database)
            return
        way = self._cluster.crash(self._rng)
        self.kills["database"] += 1
        self.kills[f"database, {way}"] += 1
        self._plan("database down", self._start_database)

    def _start_database(self) -> None:
        if not self._cluster.process.is_running:
            self._cluster.start()
        self._plan("database", self._crash_database)

    def _kill_worker(self) -> None:
        self._kill_and_start("worker")
        self._plan("worker", self._kill_worker)

    def _kill_beat(self) -> None:
        self._kill_and_start("beat")
        self._plan("beat", self._kill_beat)

    def _kill_web_process(self) -> None:
        killed = not self._is_early("web process") and self._processes["web"].kill_child(self._rng.choice)
        self.kills["web process"] += killed
        self._plan("web process" if killed else "a second", self._kill_web_process)

    def _kill_web_server(self) -> None:
        is_early = self._is_early("web server")
        if not is_early:
            self._kill_and_start("web", "web server")
        self._plan("a second" if is_early else "web server", self._kill_web_server)

    def _kill_and_start(self, name: str, kind: str = "") -> None:
        if self._processes[name].is_running:
            self._processes[name].kill()
            self.kills[kind or name] += 1
        self._processes[name].start()

    def _bring_redis(self) -> None:
        self._processes["redis"].start()
        self.redis_seconds += self._plan("redis there", self._kill_redis)

    def _kill_redis(self) -> None:
        self._processes["redis"].kill()
        self.kills["redis"] += 1
        self._plan("redis away", self._bring_redis)
