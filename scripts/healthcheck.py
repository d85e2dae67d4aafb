"""Ask the site on this machine whether it works: 0 if so. For the container's health check.

It calls the site by its own name, for it answers to no other.
"""

import http.client
import os
import sys
from urllib.parse import urlsplit


def main() -> int:
    """Return the exit code; one request, at most 5 s."""
    connection = http.client.HTTPConnection("127.0.0.1", 8000, timeout=5)
    name = urlsplit(os.environ["SITE_URL"]).netloc
    try:
        connection.request("GET", "/health/", headers={"Host": name})
        return 0 if connection.getresponse().status == http.HTTPStatus.OK else 1
    except (OSError, http.client.HTTPException):
        return 1
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
