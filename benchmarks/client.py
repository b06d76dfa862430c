"""A small HTTP client that costs little beside the server it measures: raw sockets, kept connections."""

import itertools
import socket
import statistics
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass
class Run:
    """What one run measured: times in seconds, of requests that were answered 200."""

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        return len(self.times) / self.seconds

    def quantile_ms(self, quantile: float) -> float:
        return sorted(self.times)[min(int(len(self.times) * quantile), len(self.times) - 1)] * 1000


class Connection:
    """One kept connection to the server on this machine."""

    def __init__(self, port: int, headers: Mapping[str, str] | None = None) -> None:
        self._headers = "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items())
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def get(self, path: str) -> bytes:
        """Return the body of the answer. Raises RuntimeError when it is not 200."""
        self._socket.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{self._headers}\r\n".encode())
        data = b""
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._receive()
        head = data[:end].lower()
        if not head.startswith(b"http/1.1 200"):
            raise RuntimeError(f"{path}: {data[:end].decode()}")
        length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
        body = data[end + 4 :]
        while len(body) < length:
            body += self._receive()
        return body

    def _receive(self) -> bytes:
        if not (chunk := self._socket.recv(65536)):
            raise RuntimeError("The server closed the connection.")
        return chunk


def load(
    port: int,
    paths: Sequence[str],
    *,
    connections: int,
    seconds: float,
    headers: Mapping[str, str] | None = None,
) -> Run:
    """Request the paths in turn over so many connections for so many seconds."""
    run, lock, ends = Run(), threading.Lock(), time.perf_counter() + seconds
    shared = itertools.cycle(paths)

    def work() -> None:
        times = []
        connection = Connection(port, headers)
        while (begun := time.perf_counter()) < ends:
            with lock:
                path = next(shared)
            connection.get(path)
            times.append(time.perf_counter() - begun)
        with lock:
            run.times += times

    threads = [threading.Thread(target=work) for _ in range(connections)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    run.seconds = time.perf_counter() - begun
    return run


def interleaved(rounds: int, *measures: Callable[[], Run]) -> list[list[Run]]:
    """Run the measures `rounds` times, so that a slow moment of the machine meets all of them.

    Each round in the reverse order of the one before: none is always the first after a pause.
    """
    runs: list[list[Run]] = [[] for _measure in measures]
    for turn in range(rounds):
        for index in range(len(measures))[:: -1 if turn % 2 else 1]:
            runs[index].append(measures[index]())
    return runs


def median(values: Sequence[float]) -> float:
    return statistics.median(values)
