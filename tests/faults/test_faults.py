"""A short run of `script/benchmark faults`: some hundred messages, and each thing behind the form killed."""

import os
import shutil
import subprocess
import sys

import pytest
from django.conf import settings

from benchmarks.under_faults.cluster import programs
from benchmarks.under_faults.processes import REDIS_PROGRAMS

# Two minutes on a machine that is free.
LONGEST_SECONDS = 900
POSTS, PER_SECOND, PACE = 300, 7, 2.5


@pytest.mark.skipif(
    programs() is None, reason="needs the programs of PostgreSQL with PostGIS on this machine"
)
@pytest.mark.skipif(not any(map(shutil.which, REDIS_PROGRAMS)), reason="needs Redis' program on this machine")
def test_no_acknowledged_message_is_lost():
    elsewhere = ("DATABASE_URL", "OWNER_DATABASE_URL", "REDIS_URL")
    command = [sys.executable, "-m", "benchmarks.faults", "--posts", str(POSTS)]
    run = subprocess.run(
        [*command, "--per-second", str(PER_SECOND), "--pace", str(PACE)],
        cwd=settings.BASE_DIR,
        env={name: value for name, value in os.environ.items() if name not in elsewhere},
        capture_output=True,
        text=True,
        timeout=LONGEST_SECONDS,
    )
    assert run.returncode == 0, run.stdout + run.stderr
