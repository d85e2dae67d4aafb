"""Runs the benchmarks named on the command line, or all: ``make bench ARGS=code_page``."""

import argparse
import sys

from bench import assistant, case_notes, code_page, imports, open_page, search

BENCHMARKS = {
    "assistant": assistant.main,
    "case_notes": case_notes.main,
    "code_page": code_page.main,
    "open_page": open_page.main,
    "imports": imports.main,
    "search": search.main,
}


def main() -> int:
    """Return 0 if every benchmark that ran met its floor."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*BENCHMARKS, []], help="default: all")
    names = parser.parse_args().names or list(BENCHMARKS)
    return max(BENCHMARKS[name]() for name in names)


if __name__ == "__main__":
    sys.exit(main())
