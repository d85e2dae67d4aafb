"""Prints how many statements one page takes for a new guest, asked in this process."""

import sys

import django
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def main() -> None:
    """Ask twice: the first request fills what a process fills once."""
    django.setup()
    path = sys.argv[1]
    Client(SERVER_NAME="127.0.0.1").get(path)
    with CaptureQueriesContext(connection) as queries:
        Client(SERVER_NAME="127.0.0.1").get(path)
    print(len(queries))


if __name__ == "__main__":
    main()
