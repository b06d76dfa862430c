"""How the site is served, by `script/server` and in the container alike. WEB_CONCURRENCY sets the processes."""

import os
import threading
from typing import Any

from config import environment

wsgi_app = "config.wsgi"
bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
# A thread holds at most one connection: with as many threads as the pool has connections, nobody waits for one.
threads = environment.DATABASE_POOL_SIZE
timeout = 60
graceful_timeout = 10
keepalive = 5
# The heartbeat file in memory: a slow disk must not look like a hanging worker.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - gunicorn opens it safely
control_socket_disable = True
errorlog = "-"
# The longest that gunicorn can be told to read: long questions shall be refused by the site, in a sentence.
limit_request_line = 8190


def post_worker_init(worker: Any) -> None:
    """Let each process read its copies of public data while it waits for its first request: nobody waits for them."""
    threading.Thread(target=_load_copies, name="copies", daemon=True).start()


def _load_copies() -> None:
    from django.db import connections
    from django.urls import get_resolver

    from sectors.snapshot import Snapshot

    # The copies are made by the modules that the addresses import.
    _ = get_resolver().url_patterns
    Snapshot.load_all()
    connections.close_all()
