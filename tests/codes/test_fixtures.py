"""The sample content in fixtures/cpt keeps its format and its editorial rules.

No database and no Django: these are checks of text files. fixtures/README.md gives the rules.
"""

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from codes.importers.icd10cm_tabular import packaged_files, read_list
from codes.lookup import dotted

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "cpt"
SECTION_KEYS = (
    "guidelines",
    "modifiers",
    "crosswalks",
    "ncci_edits",
    "compliance",
    "medicare_coverage",
)
ABOVE = {"section": ("chapter",), "category": ("section",), "code": ("category", "section")}
GROUP_FIELDS = {"kind", "key", "parent", "parent_kind", "short", "medium", "long", "plain"}
CODE_FIELDS = GROUP_FIELDS | {"billable", "valid_from", "valid_to", "replaced_by", "sections"}

ECMO = {str(n) for n in (*range(33946, 33950), *range(33951, 33960), *range(33962, 33967), 33969)}
ECMO |= {str(n) for n in range(33984, 33990)}
VISIT_MINUTES = {
    "99202": 15,
    "99203": 30,
    "99204": 45,
    "99205": 60,
    "99212": 10,
    "99213": 20,
    "99214": 30,
    "99215": 40,
}
DELETED = {
    "33960": (date(2014, 12, 31), ["33946", "33947"]),
    "33961": (date(2014, 12, 31), ["33948", "33949"]),
    "99201": (date(2020, 12, 31), ["99202"]),
}
WITH_SECTIONS = {str(n) for n in (*range(33946, 33950), *range(33951, 33955), 33987, 33989)}
WITH_SECTIONS |= {str(n) for n in (*range(99202, 99206), *range(99211, 99216))}

# Codes that a text may name although the files do not hold them, each with the reason.
ALLOWED_OUTSIDE = {
    "36415": "blood draw: what a staff visit is not",
    "36822": "cannula insertion until 2014, deleted together with 33960",
    "92950": "resuscitation, which often precedes a start of support",
    "96372": "injection: what a staff visit is not",
    "98000": "telemedicine family of 2025, first code",
    "98015": "telemedicine family of 2025, last code that Medicare does not use",
    "99024": "follow-up visit inside a surgical package, reported without charge",
    "99221": "initial hospital care, first code",
    "99223": "initial hospital care, last code",
    "99242": "office consultation, first code",
    "99245": "office consultation, last code",
    "99281": "emergency department visit, first code",
    "99285": "emergency department visit, last code",
    "99291": "critical care, first hour",
    "99292": "critical care, further time",
    "99381": "preventive visit of a new patient, first code",
    "99387": "preventive visit of a new patient, last code",
    "99391": "preventive visit of an established patient, first code",
    "99397": "preventive visit of an established patient, last code",
    "99417": "prolonged visit by the CPT rules",
    "99468": "daily critical care of newborns and children, first code",
    "99476": "daily critical care of newborns and children, last code",
    "99487": "complex chronic care management",
    "99490": "chronic care management",
    "99497": "advance care planning",
    "G0463": "hospital outpatient clinic visit under Medicare",
    "G2211": "Medicare's add-on for visit complexity",
    "G2212": "Medicare's add-on for a prolonged visit",
    "5A1522F": "ICD-10-PCS: oxygenation, central",
    "5A1522G": "ICD-10-PCS: oxygenation, peripheral, vein to artery",
    "5A1522H": "ICD-10-PCS: oxygenation, peripheral, vein to vein",
}

Entry = dict[str, Any]
CODE_NAME = re.compile(
    r"(?<![\w.$])(?:\d{5}|[A-V]\d{4}|(?=[A-Z0-9]*\d[A-Z0-9]*[A-Z])\d[A-Z0-9]{6})\b"
)
DIAGNOSIS_NAME = re.compile(r"(?<![\w/])[A-TV-Z]\d[0-9AB](?:\.[0-9A-Z]{1,4})?(?![\w.]*/|\w)")
LINK = re.compile(r"\[([^\]]*)\]\(([^)]*)\)")


def _entries() -> list[Entry]:
    """All entries of all files but system.toml, in the order of the files."""
    found: list[Entry] = []
    for path in sorted(FOLDER.glob("*.toml")):
        if path.name != "system.toml":
            content = tomllib.loads(path.read_text(encoding="utf-8"))
            assert set(content) == {"entry"}, f"{path.name} holds more than entries"
            found += content["entry"]
    return found


def _texts(entry: Entry) -> dict[str, str]:
    """Every text of an entry that a reader sees, by the name of its field."""
    texts = {name: entry[name] for name in ("short", "medium", "long", "plain") if name in entry}
    sections: dict[str, str] = entry.get("sections", {})
    return texts | sections


def _words(text: str) -> int:
    """How many words a reader counts: links by their label, no list marks."""
    return len(re.findall(r"\w[\w'’.-]*", LINK.sub(r"\1", text)))


def _diagnoses() -> tuple[set[str], set[str]]:
    """All names of the packaged ICD-10-CM edition, and those of them that are not subdivided."""
    _, path = packaged_files()
    keys = {key.replace(".", "") for key in read_list(path.read_text("utf-8"), file=path.name)}
    above = {key[:length] for key in keys if "-" not in key for length in range(3, len(key))}
    return {dotted(key) for key in keys}, {dotted(key) for key in keys - above}


ENTRIES = _entries()
DIAGNOSES, BILLABLE_DIAGNOSES = _diagnoses()
CODES = {entry["key"]: entry for entry in ENTRIES if entry["kind"] == "code"}
PASSAGES = {
    f"{entry['kind']} {entry['key']}, {name}": text
    for entry in ENTRIES
    for name, text in _texts(entry).items()
}
every_entry = pytest.mark.parametrize(
    "entry", ENTRIES, ids=[f"{entry['kind']}-{entry['key']}" for entry in ENTRIES]
)
every_code = pytest.mark.parametrize("entry", CODES.values(), ids=list(CODES))


def test_release_names_itself_as_a_sample() -> None:
    content = tomllib.loads((FOLDER / "system.toml").read_text(encoding="utf-8"))
    assert set(content) == {"release"}
    release = content["release"]
    assert set(release) == {"label", "effective_date", "notice"}
    assert release["label"] == "CasePilot sample 2026"
    assert release["effective_date"] == date(2026, 1, 1)
    assert release["notice"].startswith("Sample wording, not the AMA descriptor.")


def test_codes_are_the_whole_two_families_and_nothing_else() -> None:
    assert set(CODES) == ECMO | set(VISIT_MINUTES) | {"99211"} | set(DELETED)
    assert len(ECMO) == 25
    assert len(CODES) == 37


def test_keys_are_unique_within_their_kind() -> None:
    names = [(entry["kind"], entry["key"]) for entry in ENTRIES]
    assert len(names) == len(set(names))


def test_every_parent_stands_before_its_children() -> None:
    seen: set[tuple[str, str]] = set()
    for entry in ENTRIES:
        if entry["kind"] == "chapter":
            assert "parent" not in entry
            assert "parent_kind" not in entry
        else:
            assert entry["parent_kind"] in ABOVE[entry["kind"]], entry["key"]
            assert (entry["parent_kind"], entry["parent"]) in seen, entry["key"]
        seen.add((entry["kind"], entry["key"]))


def test_every_group_has_children() -> None:
    parents = {(entry["parent_kind"], entry["parent"]) for entry in ENTRIES if "parent" in entry}
    groups = {(entry["kind"], entry["key"]) for entry in ENTRIES if entry["kind"] != "code"}
    assert groups == parents


@every_entry
def test_fields_and_descriptor_lengths(entry: Entry) -> None:
    known = CODE_FIELDS if entry["kind"] == "code" else GROUP_FIELDS
    assert set(entry) <= known
    assert {"kind", "key", "short", "medium", "long"} <= set(entry)
    assert 5 <= len(entry["short"]) <= 28
    assert 5 <= len(entry["medium"]) <= 48
    assert entry["kind"] == "chapter" or len(entry["long"]) >= len(entry["medium"])
    assert all(text == text.strip() for text in (entry["short"], entry["medium"], entry["long"]))


@pytest.mark.parametrize("field", ["short", "medium", "long"])
def test_no_two_codes_share_a_descriptor(field: str) -> None:
    assert len({entry[field] for entry in CODES.values()}) == len(CODES)


@every_code
def test_validity_and_successors(entry: Entry) -> None:
    deleted = DELETED.get(entry["key"])
    assert entry["billable"] is (deleted is None)
    assert entry.get("valid_to") == (deleted[0] if deleted else None)
    assert entry.get("replaced_by", []) == (deleted[1] if deleted else [])
    assert all(CODES[key]["billable"] for key in entry.get("replaced_by", []))
    if entry["key"] in ECMO:
        assert entry["valid_from"] == date(2015, 1, 1)


@every_code
def test_plain_description_has_substance(entry: Entry) -> None:
    text = entry["plain"]
    assert 150 <= _words(text) <= 300
    assert re.match(r"\*\*[^*]+[.]\*\*", text), "begins with one bold sentence"
    assert text.count("\n\n") >= 3
    neighbors = {label for label, _ in LINK.findall(text)} - {entry["key"]}
    assert len(neighbors) >= 2


def test_plain_descriptions_are_not_copies_of_each_other() -> None:
    """No paragraph of more than eight words stands in two descriptions."""
    seen: dict[str, str] = {}
    for key, entry in CODES.items():
        for paragraph in entry["plain"].split("\n\n"):
            if _words(paragraph) > 8:
                wording = re.sub(r"\W+", " ", LINK.sub("", paragraph)).strip()
                assert wording not in seen, f"{key} repeats {seen.get(wording)}"
                seen[wording] = key


def test_groups_say_what_they_hold() -> None:
    for entry in ENTRIES:
        if entry["kind"] != "code":
            assert 15 <= _words(entry["plain"]) <= 60, entry["key"]


def test_sections_are_complete_where_they_are_promised() -> None:
    assert {key for key, entry in CODES.items() if "sections" in entry} == WITH_SECTIONS
    for key in WITH_SECTIONS:
        assert tuple(CODES[key]["sections"]) == SECTION_KEYS, key


@pytest.mark.parametrize("key", sorted(WITH_SECTIONS))
def test_sections_have_substance(key: str) -> None:
    for name, text in CODES[key]["sections"].items():
        assert 60 <= _words(text) <= 200, name


@pytest.mark.parametrize("name", SECTION_KEYS)
def test_no_two_codes_share_a_section_text(name: str) -> None:
    assert len({CODES[key]["sections"][name] for key in WITH_SECTIONS}) == len(WITH_SECTIONS)


@pytest.mark.parametrize("key", sorted(WITH_SECTIONS))
def test_crosswalks_call_themselves_orientation(key: str) -> None:
    text = CODES[key]["sections"]["crosswalks"]
    assert "/codes/icd-10-cm/" in text
    assert "orientation" in text.lower()
    assert "coverage" in text


@pytest.mark.parametrize("key", sorted(WITH_SECTIONS))
def test_edit_texts_send_the_reader_to_the_published_files(key: str) -> None:
    text = " ".join(CODES[key]["sections"]["ncci_edits"].split())
    assert "files that CMS publishes" in text


def test_every_code_named_is_known_or_allowed() -> None:
    known = set(CODES) | set(ALLOWED_OUTSIDE)
    wrong = {where: set(CODE_NAME.findall(text)) - known for where, text in PASSAGES.items()}
    assert not {where: names for where, names in wrong.items() if names}


def test_allowed_codes_are_all_in_use_and_not_in_the_files() -> None:
    everything = "\n".join(PASSAGES.values())
    named = set(CODE_NAME.findall(everything))
    assert set(ALLOWED_OUTSIDE) <= named
    assert not set(ALLOWED_OUTSIDE) & set(CODES)
    assert all(ALLOWED_OUTSIDE.values())


def _leads_to_a_code(label: str, target: str) -> bool:
    match = re.fullmatch(r"/codes/(cpt|icd-10-cm)/([^/]+)/", target)
    if match is None or match[2] != label:
        return False
    return label in (CODES if match[1] == "cpt" else BILLABLE_DIAGNOSES)


def test_links_lead_to_codes_of_this_site() -> None:
    links = [(where, *link) for where, text in PASSAGES.items() for link in LINK.findall(text)]
    assert len(links) > 300
    assert not [link for link in links if not _leads_to_a_code(*link[1:])]


def test_diagnoses_named_exist() -> None:
    wrong = {w: set(DIAGNOSIS_NAME.findall(text)) - DIAGNOSES for w, text in PASSAGES.items()}
    assert not {where: names for where, names in wrong.items() if names}


def test_markup_stays_plain() -> None:
    other = re.compile(r"[<`]|^(?:#{1,2}|#{4,})\s|^\||!\[|^    \S", re.MULTILINE)
    for where, text in PASSAGES.items():
        assert not other.search(text), where
        assert "](" not in LINK.sub("", text), where
        assert text.count("**") % 2 == 0, where


def test_first_mention_of_cpt_carries_its_sign() -> None:
    bare = re.compile(r"\A[^®]*?CPT(?!®)")
    assert not [where for where, text in PASSAGES.items() if bare.search(text)]


def test_no_figures_that_belong_to_the_loaded_files() -> None:
    figures = re.compile(r"\$|\bRVUs?\b|\bL\d{5}\b|\bLCDs?\b|conversion factor")
    assert not [where for where, text in PASSAGES.items() if figures.search(text)]


@pytest.mark.parametrize(("key", "minutes"), VISIT_MINUTES.items())
def test_visit_times(key: str, minutes: int) -> None:
    """Since 2024 each visit level has one least time; descriptor and guideline agree on it."""
    entry = CODES[key]
    assert f"at least {minutes} minutes" in entry["long"]
    assert f"{minutes} min" in entry["medium"]
    guideline = " ".join(entry["sections"]["guidelines"].split())
    assert f"at least {minutes} minutes" in guideline


def test_minutes_stay_among_the_known_ones() -> None:
    """A number of minutes is a visit's least time, its prolonged time, or 35, an example."""
    known = {str(minutes) for minutes in VISIT_MINUTES.values()} | {"55", "75", "35"}
    wrong = {w: set(re.findall(r"(\d+)\s+minutes", t)) - known for w, t in PASSAGES.items()}
    assert not {where: minutes for where, minutes in wrong.items() if minutes}


@pytest.mark.parametrize("key", sorted(k for k in ECMO if "33951" <= k <= "33986"))
def test_cannula_codes_name_their_age_group(key: str) -> None:
    young = key in {"33951", "33953", "33955", "33957", "33959", "33963", "33965", "33969", "33985"}
    entry = CODES[key]
    assert ("under 6 years" in entry["long"]) is young
    assert ("patient of 6 years or more" in entry["long"]) is not young
    assert entry["short"].endswith("0-5y" if young else "6y+")


@pytest.mark.parametrize(
    ("key", "route"),
    [
        ("33946", "vein to vein"),
        ("33947", "vein to artery"),
        ("33948", "vein to vein"),
        ("33949", "vein to artery"),
    ],
)
def test_circuit_codes_name_their_route(key: str, route: str) -> None:
    assert route in CODES[key]["short"]
    assert route in CODES[key]["medium"]
