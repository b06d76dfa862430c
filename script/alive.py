"""For a container's health check: ends with 0 when this machine's web server answers /healthz."""

import os
import sys
import urllib.error
import urllib.request

# The site answers to its own names only.
host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().removeprefix(".")
request = urllib.request.Request(
    f"http://127.0.0.1:{os.environ.get('PORT', '8000')}/healthz", headers={"Host": host}
)
try:
    with urllib.request.urlopen(request, timeout=4):
        sys.exit(0)
except OSError as error:
    sys.exit(f"/healthz does not answer: {error}")
