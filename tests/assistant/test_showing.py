"""What stands above statements: the systems of the codes that they are about."""

from typing import Any

import pytest
from django.test import Client

from assistant.showing import Said, Source, heading
from codes.models import Code
from tests import factories
from tests.assistant.conftest import ask


def code(system: str, *, is_subject: bool = True) -> dict[str, object]:
    return {"system": system, "is_subject": is_subject}


@pytest.mark.parametrize(
    ("codes", "name"),
    [
        ([code("cpt")], "CPT® code"),
        ([code("cpt"), code("cpt")], "CPT® codes"),
        ([code("icd-10-cm")], "ICD-10-CM code"),
        ([code("icd-10-cm"), code("hcpcs")], "HCPCS Level II and ICD-10-CM codes"),
        ([code("icd-10-cm"), code("cpt", is_subject=False)], "ICD-10-CM code"),
        ([code("icd-10-pcs", is_subject=False)] * 3, "ICD-10-PCS codes"),
        ([code("cpt"), code("hcpcs"), code("icd-10-cm")], "Codes"),
        ([], "Codes"),
    ],
)
def test_the_heading(codes: list[dict[str, object]], name: str) -> None:
    assert heading(codes) == name


def source(row: int, table: str = "codes_codenote", **more: Any) -> Source:
    values: dict[str, Any] = {"title": "Tabular List, April 2026", "url": "/x/", "file_name": "a"}
    return Source(table=table, row=row, **(values | more))


def test_rows_of_one_place_are_one_source() -> None:
    rows = [source(4, "codes_code", line=3), *(source(n, line=n) for n in (9, 8, 7, 12, 13))]
    (origin,) = Said("x", "short", "Guidelines", tuple(rows)).origins
    assert origin.printed_rows == "row 4 of codes_code; rows 7–9, 12, 13 of codes_codenote"
    assert origin.printed_lines == "lines 3, 7–9, 12, 13"


def test_other_places_and_editions_stay_apart() -> None:
    rows = (source(1), source(2, url="/y/"), source(3, title="Tabular List, October 2025"))
    assert len(Said("x", "short", "Guidelines", rows).origins) == 3


@pytest.mark.django_db
def test_no_diagnosis_stands_under_cpt_codes(client: Client) -> None:
    icd = factories.system("icd-10-cm")
    factories.code("I10", of=icd, parent=factories.heading("chapter", "9", of=icd))
    client.get("/casepilot/")
    page = ask(client, "Is I10 covered?", follow=True).content.decode()
    assert 'turn__topic-name">ICD-10-CM code<' in page
    assert 'turn__topic-name">CPT' not in page


@pytest.mark.django_db
def test_a_cpt_code_does(member: Client, code: Code) -> None:
    page = ask(member, "What does 99213 pay?", follow=True).content.decode()
    assert 'turn__topic-name">CPT® code<' in page
