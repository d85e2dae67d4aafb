"""Every official file format that can be imported. Pure: imports no Django.

Each parser module defines its formats; here they are listed, in the order in which they are asked
whether they know a file: the more particular ones first.
"""

from collections.abc import Sequence
from typing import Final

from codes.importers import (
    add_on_edits,
    anesthesia,
    ccsr,
    coverage,
    cpt,
    gem,
    gpci,
    hcpcs,
    hcpcs_index,
    hcpcs_notes,
    icd10cm,
    icd10cm_index,
    icd10pcs,
    localities,
    mpfs,
    ms_drg,
    ms_drg_index,
    mue,
    ncci_ptp,
    opps_b,
    place_of_service,
    telehealth,
)
from codes.importers.rows import FileRefused
from codes.importers.source import Format, Options, SourceFile

__all__ = ["FORMATS", "Format", "Options", "matching", "recognised"]

_LISTED: Final[tuple[Format, ...]] = (
    cpt.FORMAT,
    coverage.FORMAT,
    hcpcs.FORMAT,
    hcpcs_notes.FORMAT,
    icd10cm.FORMAT,
    icd10pcs.FORMAT,
    mpfs.FORMAT,
    gpci.FORMAT,
    localities.FORMAT,
    anesthesia.FORMAT,
    ncci_ptp.PRACTITIONER,
    ncci_ptp.HOSPITAL,
    mue.FORMAT,
    add_on_edits.FORMAT,
    opps_b.FORMAT,
    telehealth.FORMAT,
    ccsr.FORMAT,
    ms_drg.FORMAT,
    ms_drg_index.DIAGNOSES,
    ms_drg_index.PROCEDURES,
    gem.FORMAT,
    place_of_service.FORMAT,
    icd10cm_index.FORMAT,
    hcpcs_index.FORMAT,
)
FORMATS: Final[dict[str, Format]] = {format_.name: format_ for format_ in _LISTED}


def recognised(sources: Sequence[SourceFile]) -> list[tuple[Format, list[SourceFile]]]:
    """Return the formats that know some of the files, each with its files.

    A file goes to the first format that knows it; others, such as the notes in a zip, are left
    out. Raises ``FileRefused`` where no format knows any.
    """
    found: dict[str, list[SourceFile]] = {}
    for source in sources:
        if format_ := _format_of(source):
            found.setdefault(format_.name, []).append(source)
    if not found:
        _refuse_no_text(sources)
        message = f"is of no format that can be imported: {', '.join(sorted(FORMATS))}."
        raise FileRefused(_names(sources), 0, message)
    return [(FORMATS[name], files) for name, files in found.items()]


def matching(format_: Format, sources: Sequence[SourceFile]) -> list[SourceFile]:
    """Return the files that the named format knows; raises ``FileRefused`` where it knows none."""
    if files := [source for source in sources if format_.recognise(source)]:
        return files
    _refuse_no_text(sources)
    others = {other.title for source in sources if (other := _format_of(source))}
    message = f"is not what {format_.name} reads: {format_.title}."
    if others:
        message += f" It looks like {' and '.join(sorted(others))}."
    raise FileRefused(_names(sources), 0, message)


def _refuse_no_text(sources: Sequence[SourceFile]) -> None:
    """Raise ``FileRefused`` with the reason where no file at all can be read as text."""
    if sources and all(source.no_text for source in sources):
        raise sources[0].refuse(sources[0].no_text)


def _format_of(source: SourceFile) -> Format | None:
    return next((format_ for format_ in FORMATS.values() if format_.recognise(source)), None)


def _names(sources: Sequence[SourceFile]) -> str:
    first = [source.name for source in sources[:3]]
    return ", ".join(first) + (" …" if len(sources) > 3 else "") if first else "no file"
