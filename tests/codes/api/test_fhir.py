"""FHIR R4 terminology: each operation by GET and POST, its errors, licences and the meter."""

import json
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import Meter, User, ViewGrant
from codes.models import Code, CodeSystem
from tests.codes.api.conftest import Ask

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("codes")]
ICD = "http://hl7.org/fhir/sid/icd-10-cm"
LOOKUP = "/fhir/CodeSystem/$lookup"
VALIDATE = "/fhir/CodeSystem/$validate-code"
EXPAND = "/fhir/ValueSet/$expand"


def values(answer: Any, name: str) -> list[Any]:
    """Return the values of a parameter."""
    return [
        next(iter(value for key, value in one.items() if key != "name"))
        for one in answer["parameter"]
        if one["name"] == name
    ]


def properties(answer: Any) -> dict[str, Any]:
    found = {}
    for parts in values(answer, "property"):
        name, value = parts
        found[name["valueCode"]] = next(value[key] for key in value if key != "name")
    return found


def body(**given: str) -> dict[str, Any]:
    parameter = [{"name": name, "valueUri": value} for name, value in given.items()]
    return {"resourceType": "Parameters", "parameter": parameter}


def test_metadata(ask: Ask) -> None:
    answer = ask("/fhir/metadata")
    assert (answer["resourceType"], answer["fhirVersion"]) == ("CapabilityStatement", "4.0.1")
    operations = [
        operation["name"]
        for resource in answer["rest"][0]["resource"]
        for operation in resource["operation"]
    ]
    assert operations == ["lookup", "validate-code", "expand"]
    held = ask("/fhir/metadata?mode=terminology")["codeSystem"]
    assert {(one["uri"], one["version"][0]["code"]) for one in held} >= {(ICD, "2026.04")}


def test_code_systems(ask: Ask) -> None:
    found = [entry["resource"] for entry in ask("/fhir/CodeSystem")["entry"]]
    assert [one["id"] for one in found] == ["icd-10-cm", "hcpcs"]
    assert ask(f"/fhir/CodeSystem?url={ICD}")["entry"][0]["resource"] == found[0]
    assert ask("/fhir/CodeSystem/icd-10-cm") == found[0]
    assert ask("/fhir/CodeSystem?url=http://loinc.org")["total"] == 0


def test_value_sets(ask: Ask) -> None:
    assert ask("/fhir/ValueSet")["total"] == 2
    assert ask("/fhir/ValueSet/hcpcs")["id"] == "hcpcs"
    assert ask(f"/fhir/ValueSet?url={ICD}?fhir_vs")["total"] == 1


def test_lookup(ask: Ask) -> None:
    answer = ask(f"{LOOKUP}?system={ICD}&code=J96.01")
    assert values(answer, "display") == ["Acute respiratory failure with hypoxia"]
    assert values(answer, "version") == ["2026.04"]
    assert properties(answer) == {
        "inactive": False,
        "billable": True,
        "kind": "code",
        "parent": "J96.0",
        "edition": "April 2026",
        "sourceFile": "test.txt",
    }
    assert values(answer, "designation") == []


def test_lookup_by_post(ask: Ask) -> None:
    coding = {"name": "coding", "valueCoding": {"system": ICD, "code": "J96.01"}}
    for asked in (body(system=ICD, code="J96.01"), body() | {"parameter": [coding]}):
        assert values(ask(LOOKUP, asked), "display") == ["Acute respiratory failure with hypoxia"]


def test_only_the_asked_properties(ask: Ask) -> None:
    answer = ask(f"{LOOKUP}?system={ICD}&code=J96.01&property=parent&property=billable")
    assert properties(answer) == {"billable": True, "parent": "J96.0"}
    refused = ask(f"{LOOKUP}?system={ICD}&code=J96.01&property=weight", status=400)
    assert "weight" in refused["issue"][0]["diagnostics"]


@pytest.mark.parametrize(
    ("query", "status", "says"),
    [
        (f"system={ICD}&code=J9601", 404, "Did you mean J96.01?"),
        (f"system={ICD}&code=Z99.9", 404, "has no code Z99.9"),
        (f"system={ICD}", 400, "code: This field is required."),
        ("code=J96.01", 400, "system: This field is required."),
        ("system=http://www.ama-assn.org/go/cpt&code=33948", 404, "is not served here"),
        (f"system={ICD}&code=J96.01&version=2020.10", 404, "but 2026.04"),
        (f"system={ICD}&code=J96.01&code=I50.9", 400, "twice"),
        (f"system={ICD}&code={'J' * 41}", 400, "at most 40 characters"),
        (f"system={ICD}&code=J%0096", 400, "Null characters"),
    ],
)
def test_what_a_lookup_refuses(ask: Ask, query: str, status: int, says: str) -> None:
    answer = ask(f"{LOOKUP}?{query}", status=status)
    assert answer["resourceType"] == "OperationOutcome"
    assert says in answer["issue"][0]["diagnostics"]


@pytest.mark.parametrize(
    "sent",
    [
        "no json",
        "[]",
        '{"resourceType": "Patient"}',
        '{"resourceType": "Parameters", "parameter": 5}',
        '{"resourceType": "Parameters", "parameter": [5]}',
        '{"resourceType": "Parameters", "parameter": [{"name": "code"}]}',
        '{"resourceType": "Parameters", "parameter": [{"name": "code", "valueCode": []}]}',
        "[" * 5_000,
    ],
)
def test_bad_bodies(client: Client, sent: str) -> None:
    for url in (LOOKUP, VALIDATE, EXPAND):
        response = client.post(url, sent, content_type="application/fhir+json")
        assert response.status_code == 400
        assert json.loads(response.content)["resourceType"] == "OperationOutcome"


def test_a_long_body(client: Client) -> None:
    response = client.post(LOOKUP, " " * 100_001, content_type="application/fhir+json")
    assert response.status_code == 413


def test_a_lookup_with_a_token_counts_once_and_opens(ask: Ask, token: str, user: User) -> None:
    for _ in range(2):
        answer = ask(f"{LOOKUP}?system={ICD}&code=J96.01", token=token)
        (parts,) = values(answer, "designation")
        assert parts[1]["valueString"] == "Acute respiratory failure with hypoxia, in full"
    assert [grant.code.display for grant in ViewGrant.objects.filter(user=user)] == ["J96.01"]


def test_a_spent_meter_opens_nothing(ask: Ask, token: str, user: User) -> None:
    User.objects.filter(pk=user.pk).update(view_limit=1)
    ask(f"{LOOKUP}?system={ICD}&code=J96.01", token=token)
    answer = ask(f"{LOOKUP}?system={ICD}&code=I50.9", token=token)
    assert values(answer, "display") == ["Heart failure, unspecified"]
    assert "in full" not in json.dumps(answer)


def test_what_charges_nothing(ask: Ask, token: str, client: Client) -> None:
    ask(f"{LOOKUP}?system={ICD}&code=J96.01")
    ask(LOOKUP, body(system=ICD, code="J96.01"), token=token)
    ask(f"{LOOKUP}?system={ICD}&code=Z99.9", token=token, status=404)
    ask(f"{LOOKUP}?system={ICD}&code=J96.01&property=weight", token=token, status=400)
    client.head(f"{LOOKUP}?system={ICD}&code=J96.01", HTTP_AUTHORIZATION=f"Bearer {token}")
    assert not ViewGrant.objects.exists()


def test_no_gated_word_without_a_token(ask: Ask) -> None:
    answers = [
        ask(f"{LOOKUP}?system={ICD}&code=J96.01"),
        ask(f"{VALIDATE}?url={ICD}&code=J96.01&display=wrong"),
        ask(f"{EXPAND}?url={ICD}?fhir_vs"),
        ask(f"{EXPAND}?url={ICD}?fhir_vs&filter=respiratory"),
    ]
    assert "in full" not in json.dumps(answers)


@pytest.mark.parametrize(
    ("query", "result", "message"),
    [
        ("code=J96.01", True, []),
        ("code=J96.01&display=acute RESPIRATORY failure with hypoxia", True, []),
        ("code=J96.01&display=Asthma", False, ["The display of J96.01 is: Acute respiratory"]),
        ("code=J9601", False, ["Did you mean J96.01?"]),
    ],
)
def test_validate_code(ask: Ask, query: str, result: bool, message: list[str]) -> None:
    answer = ask(f"{VALIDATE}?url={ICD}&{query}")
    assert values(answer, "result") == [result]
    said = values(answer, "message")
    assert len(said) == len(message)
    assert all(words in text for words, text in zip(message, said, strict=True))


@pytest.mark.parametrize(
    "guess",
    [
        "Acute respiratory failure with hypoxia, in full",
        "Acute respiratory failure, medium",
        "Lung failure",
    ],
)
class TestGuessedNames:
    """No guess at a name that is not open to its asker is told from any other."""

    @pytest.fixture(autouse=True)
    def _names(self, codes: dict[str, Code]) -> None:
        Code.objects.filter(pk=codes["J96.01"].pk).update(
            medium_descriptor="Acute respiratory failure, medium", inclusion_terms=["Lung failure"]
        )

    def validated(self, ask: Ask, guess: str, **more: Any) -> Any:
        return ask(f"{VALIDATE}?url={ICD}&code=J96.01&display={guess}", **more)

    def test_by_a_guest(self, ask: Ask, guess: str) -> None:
        answer = self.validated(ask, guess)
        assert values(answer, "result") == [False]
        assert answer == self.validated(ask, "Nothing like it")
        assert guess not in json.dumps(answer)

    def test_by_an_account_that_has_not_opened_the_code(
        self, ask: Ask, token: str, guess: str
    ) -> None:
        answer = self.validated(ask, guess, token=token)
        assert answer == self.validated(ask, "Nothing like it", token=token)
        assert not ViewGrant.objects.exists()

    def test_by_an_account_that_has(self, ask: Ask, token: str, guess: str) -> None:
        ask(f"{LOOKUP}?system={ICD}&code=J96.01", token=token)
        assert values(self.validated(ask, guess, token=token), "result") == [True]
        assert values(self.validated(ask, "Nothing", token=token), "result") == [False]
        assert ViewGrant.objects.count() == 1

    def test_by_post(self, ask: Ask, token: str, guess: str) -> None:
        ask(f"{LOOKUP}?system={ICD}&code=J96.01", token=token)
        answer = ask(VALIDATE, body(url=ICD, code="J96.01", display=guess), token=token)
        assert values(answer, "result") == [False]

    def test_where_only_code_numbers_are_shown(self, ask: Ask, token: str, guess: str) -> None:
        ask(f"{LOOKUP}?system={ICD}&code=J96.01", token=token)
        CodeSystem.objects.filter(slug="icd-10-cm").update(display_mode="codes_only")
        for more in ({}, {"token": token}):
            answer = self.validated(ask, guess, **more)
            assert values(answer, "result") == [False]
            assert values(answer, "display") == ["J96.01"]
        short = "Acute respiratory failure with hypoxia"
        assert values(self.validated(ask, short, token=token), "result") == [False]

    def test_where_the_system_does_not_count(self, ask: Ask, token: str, guess: str) -> None:
        CodeSystem.objects.filter(slug="icd-10-cm").update(is_metered=False)
        assert values(self.validated(ask, guess, token=token), "result") == [True]


def test_validating_charges_nothing(ask: Ask, token: str) -> None:
    ask(f"{VALIDATE}?url={ICD}&code=J96.01&display=anything", token=token)
    assert not ViewGrant.objects.exists()
    assert not Meter.objects.exists()


def test_a_code_that_ended(ask: Ask) -> None:
    url = "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
    answer = ask(f"{VALIDATE}?url={url}&code=E0135")
    assert values(answer, "inactive") == [True]
    assert values(answer, "message") == ["E0135 ended on 2020-01-01."]
    entry = ask(f"{EXPAND}?url={url}?fhir_vs")["expansion"]["contains"][0]
    assert entry["inactive"] is True
    assert ask(f"{EXPAND}?url={url}?fhir_vs&activeOnly=true")["expansion"]["total"] == 0


def test_validating_without_a_system(ask: Ask) -> None:
    refused = ask(f"{VALIDATE}?code=J96.01", status=400)
    assert "url=…" in refused["issue"][0]["diagnostics"]


def expanded(answer: Any) -> list[str]:
    return [entry["code"] for entry in answer["expansion"]["contains"]]


def test_expand(ask: Ask) -> None:
    answer = ask(f"{EXPAND}?url={ICD}?fhir_vs")
    assert expanded(answer) == ["J96.0", "J96.01", "I50.9"]
    assert answer["expansion"]["total"] == 3
    assert expanded(ask(EXPAND, body(url=f"{ICD}?fhir_vs", filter="heart"))) == ["I50.9"]


def test_expand_in_pages(ask: Ask) -> None:
    pages = [
        expanded(ask(f"{EXPAND}?url={ICD}?fhir_vs&count=2&offset={offset}")) for offset in (0, 2, 4)
    ]
    assert pages == [["J96.0", "J96.01"], ["I50.9"], []]


def test_expand_below_a_code(ask: Ask) -> None:
    url = f"{EXPAND}?url={ICD}?fhir_vs=isa/J96.0"
    assert expanded(ask(url)) == ["J96.0", "J96.01"]
    assert expanded(ask(f"{url}&filter=failure")) == ["J96.0", "J96.01"]
    assert expanded(ask(f"{url}&filter=heart")) == []


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("url=http://example.org/vs", 404),
        (f"url={ICD}", 404),
        (f"url={ICD}?fhir_vs=isa/Z99.9", 404),
        (f"url={ICD}?fhir_vs=refset/1", 404),
        (f"url={ICD}?fhir_vs&count=-1", 400),
    ],
)
def test_what_an_expansion_refuses(ask: Ask, query: str, status: int) -> None:
    assert ask(f"{EXPAND}?{query}", status=status)["resourceType"] == "OperationOutcome"


def test_licence_modes(ask: Ask) -> None:
    icd = CodeSystem.objects.filter(slug="icd-10-cm")
    icd.update(display_mode="codes_only")
    assert values(ask(f"{LOOKUP}?system={ICD}&code=J96.01"), "display") == ["J96.01"]
    icd.update(display_mode="off")
    ask(f"{LOOKUP}?system={ICD}&code=J96.01", status=404)
    assert ask("/fhir/CodeSystem")["total"] == 1


@pytest.mark.parametrize("code", [r"J96\ud800", r"J96\u0000"])
def test_what_is_no_text_in_a_body(client: Client, code: str) -> None:
    sent = json.dumps(body(system=ICD, code="CODE")).replace("CODE", code)
    response = client.post(LOOKUP, sent, content_type="application/fhir+json")
    assert response.status_code == 400


def test_a_zero_byte_in_the_code(client: Client, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    assert client.get(f"{LOOKUP}?system={ICD}&code=J96%00", headers=headers).status_code == 400


@pytest.mark.parametrize("accept", ["application/fhir+xml", "text/turtle"])
def test_only_json(ask: Ask, accept: str) -> None:
    ask("/fhir/metadata", HTTP_ACCEPT=accept, status=406)
    ask("/fhir/metadata", HTTP_ACCEPT="application/fhir+json")


def test_format_parameter(ask: Ask) -> None:
    ask("/fhir/metadata?_format=json")
    ask("/fhir/metadata?_format=xml", status=406)


def test_what_is_not_there(client: Client) -> None:
    for url in ("/fhir/Patient", "/fhir/", "/fhir/CodeSystem/$subsumes", "/fhir/CodeSystem/cpt"):
        response = client.get(url)
        assert response.status_code == 404
        assert json.loads(response.content)["resourceType"] == "OperationOutcome"


def test_other_methods(client: Client) -> None:
    for response in (client.put(LOOKUP), client.delete("/fhir/metadata")):
        assert response.status_code == 405
        assert response["Allow"] == "GET, HEAD, POST, OPTIONS"
        assert response["Content-Type"].startswith("application/fhir+json")
        assert response.json()["issue"][0]["code"] == "not-supported"


def test_a_flood_is_asked_to_wait(ask: Ask, settings: Settings) -> None:
    settings.RATELIMIT_API = "1/h"
    ask("/fhir/CodeSystem")
    assert ask("/fhir/CodeSystem", status=429)["issue"][0]["code"] == "throttled"


@pytest.mark.parametrize("count", [1, 3])
def test_query_counts(
    client: Client, settings: Settings, django_assert_max_num_queries: Any, count: int
) -> None:
    settings.RATELIMIT_ENABLE = False
    with django_assert_max_num_queries(3):
        client.get(f"{LOOKUP}?system={ICD}&code=J96.01")
    with django_assert_max_num_queries(4):
        client.get(f"{EXPAND}?url={ICD}?fhir_vs&count={count}")
    with django_assert_max_num_queries(9):
        client.get(f"{EXPAND}?url={ICD}?fhir_vs&filter=failure&count={count}")


def test_without_an_edition(ask: Ask) -> None:
    CodeSystem.objects.get(slug="hcpcs").releases.update(is_current=False)
    url = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
    assert Code.objects.filter(system__slug="hcpcs").exists()
    assert values(ask(f"{LOOKUP}?system={url}&code=E0135"), "display") == ["Walker, folding"]
