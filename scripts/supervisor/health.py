"""Ask the web server on this machine whether it is alive; the container's health check."""

from __future__ import annotations

import http.client
import os
import sys
from urllib.parse import urlsplit

# A server that listens on every address is asked on loopback.
LOOPBACK = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - looked up only


def is_alive(host: str, port: int, base_url: str) -> bool:
    """Tell whether /healthz answers 200, asked under the name that BASE_URL gives."""
    connection = http.client.HTTPConnection(LOOPBACK.get(host, host), port, timeout=1)
    try:
        connection.request("GET", "/healthz", headers={"Host": urlsplit(base_url).netloc})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def main() -> int:
    port = int(os.environ.get("PORT", "8000"))
    base_url = os.environ.get("BASE_URL", f"http://127.0.0.1:{port}")
    return 0 if is_alive(os.environ.get("HOST", ""), port, base_url) else 1


if __name__ == "__main__":
    sys.exit(main())
