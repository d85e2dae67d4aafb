"""Clients of others, used unchanged against the running server."""

import pytest
from fhirpy import SyncFHIRClient
from fhirpy.base.exceptions import ResourceNotFound
from pytest_django.live_server_helper import LiveServer

from accounts.models import User, ViewGrant

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("codes")]
ICD = "http://hl7.org/fhir/sid/icd-10-cm"


@pytest.fixture
def fhir(live_server: LiveServer) -> SyncFHIRClient:
    return SyncFHIRClient(f"{live_server.url}/fhir")


def test_fhirpy_searches_and_reads(fhir: SyncFHIRClient) -> None:
    (system,) = fhir.resources("CodeSystem").search(url=ICD).fetch()
    assert system["id"] == "icd-10-cm"
    assert fhir.reference("CodeSystem", "icd-10-cm").to_resource()["version"] == "2026.04"


def test_fhirpy_runs_the_operations(fhir: SyncFHIRClient) -> None:
    found = fhir.execute(
        "CodeSystem/$lookup", method="GET", params={"system": ICD, "code": "J96.01"}
    )
    names = {one["name"]: one.get("valueString") for one in found["parameter"]}
    assert names["display"] == "Acute respiratory failure with hypoxia"
    sent = {
        "resourceType": "Parameters",
        "parameter": [
            {"name": "url", "valueUri": f"{ICD}?fhir_vs"},
            {"name": "filter", "valueString": "heart"},
            {"name": "count", "valueInteger": 5},
        ],
    }
    expanded = fhir.execute("ValueSet/$expand", method="POST", data=sent)
    assert [one["code"] for one in expanded["expansion"]["contains"]] == ["I50.9"]
    with pytest.raises(ResourceNotFound, match=r"has no code Z99\.9"):
        fhir.execute("CodeSystem/$lookup", method="GET", params={"system": ICD, "code": "Z99.9"})


def test_fhirpy_with_a_token(live_server: LiveServer, token: str, user: User) -> None:
    fhir = SyncFHIRClient(f"{live_server.url}/fhir", authorization=f"Bearer {token}")
    found = fhir.execute(
        "CodeSystem/$lookup", method="GET", params={"system": ICD, "code": "J96.01"}
    )
    assert any(one["name"] == "designation" for one in found["parameter"])
    assert ViewGrant.objects.filter(user=user).count() == 1
