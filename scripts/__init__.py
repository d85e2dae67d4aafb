"""What the Makefile runs: set-up, the local database, the demo, the tests. Run with ``-m``."""
