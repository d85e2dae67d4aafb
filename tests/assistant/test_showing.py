"""What stands above statements: the systems of the codes that they are about."""

import pytest
from django.test import Client

from assistant.showing import heading
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
