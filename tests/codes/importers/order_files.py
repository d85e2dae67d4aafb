"""Writes order files in the official layout."""

from collections.abc import Iterable, Sequence

Line = tuple[str, bool, str, str]
"""Code, whether it is valid for submission, short and long descriptor."""


def order_file(lines: Iterable[Line], *, end: str = "\r\n") -> str:
    """Return a whole order file."""
    return "".join(
        order_line(number, line).rstrip() + end for number, line in enumerate(lines, start=1)
    )


def order_line(number: int, line: Line) -> str:
    """Return one line, without its end."""
    key, valid, short, long = line
    return f"{number:05} {key:7} {'1' if valid else '0'} {short:60} {long}"


def pcs_lines(*more: Line) -> Sequence[Line]:
    """Return one heading for each section of ICD-10-PCS, and other lines where they belong."""
    sections = [
        ("00B", "Central Nervous System and Cranial Nerves, Excision"),
        ("10D", "Obstetrics, Pregnancy, Extraction"),
        ("2W0", "Placement, Anatomical Regions, Change"),
        ("302", "Administration, Circulatory, Transfusion"),
        ("4A0", "Measurement and Monitoring, Physiological Systems, Measurement"),
        ("5A0", "Extracorporeal or Systemic Assistance and Performance, Physiological Systems, "
         "Assistance"),
        ("6A0", "Extracorporeal or Systemic Therapies, Physiological Systems, Atmospheric Control"),
        ("7W0", "Osteopathic, Anatomical Regions, Treatment"),
        ("8C0", "Other Procedures, Indwelling Device, Other Procedures"),
        ("9WB", "Chiropractic, Anatomical Regions, Manipulation"),
        ("B20", "Imaging, Heart, Plain Radiography"),
        ("C21", "Nuclear Medicine, Heart, Planar Nuclear Medicine Imaging"),
        ("D02", "Radiation Therapy, Central and Peripheral Nervous System, Stereotactic "
         "Radiosurgery"),
        ("F00", "Physical Rehabilitation and Diagnostic Audiology, Rehabilitation, Speech "
         "Assessment"),
        ("GZ1", "Mental Health, Psychological Tests"),
        ("HZ2", "Substance Abuse Treatment, Detoxification Services"),
        ("X05", "New Technology, Nervous System, Destruction"),
    ]  # fmt: skip
    lines: list[Line] = [(key, False, title[:60], title) for key, title in sections]
    return sorted([*lines, *more])
