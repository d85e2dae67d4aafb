"""Writes HCPCS Level II records in the two official layouts."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field

COLUMNS = [
    *("HCPC", "SEQNUM", "RECID", "LONG DESCRIPTION", "SHORT DESCRIPTION"),
    *("PRICE1", "PRICE2", "PRICE3", "PRICE4", "MULT_PI"),
    *("CIM1", "CIM2", "CIM3", "MCM1", "MCM2", "MCM3", "STATUTE"),
    *(f"LABCERT{number}" for number in range(1, 9)),
    *("XREF1", "XREF2", "XREF3", "XREF4", "XREF5"),
    *("COV", "ASC_GRP", "ASC_DT", "OPPS", "OPPS_PI", "OPPS_DT", "PROCNOTE", "BETOS"),
    *("TOS1", "TOS2", "TOS3", "TOS4", "TOS5", "ANEST_BU"),
    *("ADD DT", "ACT EFF DT", "TERM DT", "ACTION CD"),
]


@dataclass(frozen=True)
class Record:
    """One code or modifier; ``pieces`` are the lines of its long descriptor."""

    key: str
    pieces: Sequence[str]
    short: str
    pricing: Sequence[str] = ()
    multiple_pricing: str = ""
    ncd: Sequence[str] = ()
    manual: Sequence[str] = ()
    statute: str = ""
    lab: Sequence[str] = ()
    references: Sequence[str] = ()
    coverage: str = "C"
    asc_group: str = ""
    asc_date: str = ""
    note: str = ""
    betos: str = ""
    services: Sequence[str] = ()
    anesthesia: str = ""
    added: str = "19860101"
    acted: str = "19860101"
    terminated: str = ""
    action: str = "N"
    sequence: int = field(default=100)

    def lines(self) -> list[str]:
        """Return the record in fixed width, trimmed on the right to 293 columns."""
        first, more = ("7", "8") if len(self.key) == 2 else ("3", "4")
        key = self.key.rjust(5)
        line = f"{key}{self.sequence:05}{first}{self.pieces[0]:80.80}{self.short:28}"
        line += _columns(self.pricing, 4, 2) + f"{self.multiple_pricing:1}"
        line += _columns(self.ncd, 3, 6) + _columns(self.manual, 3, 8) + f"{self.statute:10}"
        line += _columns(self.lab, 8, 3) + _columns(self.references, 5, 5) + f"{self.coverage:1}"
        line += f"{self.asc_group:2}{self.asc_date:8}{'':12}{self.note:4}{self.betos:3} "
        line += _columns(self.services, 5, 1) + f"{self.anesthesia:3}"
        line += f"{self.added:8}{self.acted:8}{self.terminated:8}{self.action:1}"
        return [line] + [
            f"{key}{self.sequence + 100 * number:05}{more}{piece:80.80}"
            for number, piece in enumerate(self.pieces[1:], start=1)
        ]

    def row(self) -> list[str]:
        """Return the record as a row of the spreadsheet."""
        kind = "7" if len(self.key) == 2 else "3"
        values = [self.key, f"{self.sequence // 10:04}", kind, " ".join(self.pieces), self.short]
        values += [*_padded(self.pricing, 4), self.multiple_pricing]
        values += [*_padded(self.ncd, 3), *_padded(self.manual, 3), self.statute]
        values += [*_padded(self.lab, 8), *_padded(self.references, 5)]
        values += [self.coverage, self.asc_group, self.asc_date, "", "", "", self.note, self.betos]
        values += [*_padded(self.services, 5), self.anesthesia]
        return [*values, self.added, self.acted, self.terminated, self.action]


def fixed_width(records: Sequence[Record], notes: str = "A note above the records.\r\n\r\n") -> str:
    """Return a whole file of fixed width."""
    lines = [line.rstrip() + "\r\n" for record in records for line in record.lines()]
    return notes + "".join(lines)


def spreadsheet(records: Sequence[Record], notes: str = "") -> str:
    """Return a whole file as CSV."""
    text = io.StringIO()
    csv.writer(text).writerows([COLUMNS, *(record.row() for record in records)])
    return notes + text.getvalue()


def _columns(values: Sequence[str], count: int, width: int) -> str:
    return "".join(f"{value:{width}}" for value in _padded(values, count))


def _padded(values: Sequence[str], count: int) -> list[str]:
    return [*values, *[""] * (count - len(values))]
