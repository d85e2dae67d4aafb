"""A list behind its secret link: read by whoever has it, changed by nobody, found by none."""

import csv
import io
import json
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from codes import list_actions
from codes.lists import CodeList
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_cache")]


@pytest.fixture
def owner() -> User:
    return factories.user("owner@example.org")


@pytest.fixture
def knee(owner: User) -> CodeList:
    icd = factories.system("icd-10-cm")
    codes = [
        factories.code("J96.01", of=icd, short_descriptor="Acute & hypoxic"),
        factories.code("99213", short_descriptor="Office visit, low", billable=False),
    ]
    made = list_actions.create_list(owner=owner, name="Knee 2026!", about="For the <team>")
    list_actions.add_codes(to=made, codes=codes, note="=1+1")
    return made


def shared(client: Client, of: CodeList) -> str:
    """Share a list as its owner does; return the path of its link."""
    client.force_login(of.owner)
    client.post(f"/lists/{of.pk}/", {"do": "share"})
    client.logout()
    of.refresh_from_db()
    return of.shared_path()


def test_it_is_private_until_it_is_shared(client: Client, knee: CodeList) -> None:
    assert knee.share_token is None
    assert client.get(f"/lists/shared/{'x' * 32}/").status_code == 404
    assert client.get("/lists/shared/None/").status_code == 404


def test_whoever_has_the_link_reads_it(client: Client, knee: CodeList) -> None:
    path = shared(client, knee)
    response = client.get(path)
    text = response.content.decode()
    for words in ("Knee 2026!", "For the &lt;team&gt;", "J96.01", "Acute &amp; hypoxic", "=1+1"):
        assert words in text
    assert "owner@example.org" not in text
    assert "<button" not in text.partition("<main")[2].partition("</main")[0]
    assert "American Medical Association" in text


def test_it_is_kept_out_of_indexes_caches_and_referrers(client: Client, knee: CodeList) -> None:
    path = shared(client, knee)
    for name in ("", "codes.csv", "codes.json", "valueset.json"):
        response = client.get(path + name)
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert response["Referrer-Policy"] == "no-referrer"
        assert response["Cache-Control"] == "private, no-store"
        assert path.split("/")[3] not in str(response.headers)


def test_files_do_not_hold_the_secret_or_the_owner(client: Client, knee: CodeList) -> None:
    path = shared(client, knee)
    for name in ("codes.csv", "codes.json", "valueset.json"):
        body = body_of(client, path + name)
        assert str(knee.share_token) not in body
        assert "owner@example.org" not in body


def test_a_new_link_ends_the_old_one_and_stopping_ends_both(client: Client, knee: CodeList) -> None:
    first = shared(client, knee)
    second = shared(client, knee)
    assert first != second
    assert client.get(first).status_code == 404
    assert client.get(f"{first}codes.csv").status_code == 404
    assert client.get(second).status_code == 200
    client.force_login(knee.owner)
    assert second in client.get(f"/lists/{knee.pk}/").content.decode()
    client.post(f"/lists/{knee.pk}/", {"do": "unshare"})
    assert client.get(second).status_code == 404


def test_the_link_is_long_and_random(client: Client, knee: CodeList) -> None:
    tokens = {shared(client, knee).split("/")[3] for _ in range(5)}
    assert len(tokens) == 5
    assert all(len(token) == 32 for token in tokens)


def test_the_link_changes_nothing(client: Client, knee: CodeList) -> None:
    path = shared(client, knee)
    for name in ("", "codes.csv"):
        for method in (client.post, client.put, client.delete):
            assert method(path + name).status_code == 405
    assert client.head(path).status_code == 200


def test_a_shared_list_reads_the_pages_it_has(client: Client, knee: CodeList) -> None:
    path = shared(client, knee)
    assert client.get(path, {"page": "9"}).context["page_obj"].number == 1
    assert client.get(path, {"page": "x"}).status_code == 400


def test_the_account_goes_and_the_link_with_it(client: Client, knee: CodeList) -> None:
    path = shared(client, knee)
    knee.owner.delete()
    assert client.get(path).status_code == 404


def test_hidden_codes_are_hidden_behind_the_link(client: Client, knee: CodeList) -> None:
    path = shared(client, knee)
    factories.system("cpt", display_mode="off")
    text = body_of(client, path)
    assert "1 code of this list belongs to a code system" in text
    assert "99213" not in text
    assert json.loads(body_of(client, f"{path}codes.json"))["not_shown"] == 1


def test_a_flood_is_asked_to_wait(client: Client, knee: CodeList, settings: Any) -> None:
    path = shared(client, knee)
    settings.RATELIMIT_SEARCH = "2/h"
    assert [client.get(path).status_code for _ in range(3)] == [200, 200, 429]


# --- The files ------------------------------------------------------------------------------------


def body_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    body = b"".join(response) if response.streaming else response.content
    return body.decode()


def test_csv(client: Client, knee: CodeList) -> None:
    rows = list(csv.DictReader(io.StringIO(body_of(client, f"{shared(client, knee)}codes.csv"))))
    assert [row["code"] for row in rows] == ["J96.01", "99213"]
    assert rows[0]["short_descriptor"] == "Acute & hypoxic"
    assert [row["billable"] for row in rows] == ["yes", "no"]
    # What a spreadsheet would run as a formula does not begin a cell.
    assert rows[0]["note"] == "'=1+1"
    assert rows[0]["copyright"] == ""
    assert "American Medical Association" in rows[1]["copyright"]


def test_json(client: Client, knee: CodeList) -> None:
    response = client.get(f"{shared(client, knee)}codes.json")
    assert response["Content-Type"] == "application/json"
    assert response["Content-Disposition"] == 'attachment; filename="codes.json"'
    values = response.json()
    assert (values["name"], values["about"]) == ("Knee 2026!", "For the <team>")
    assert values["codes"][0] == {
        "system": "icd-10-cm",
        "code": "J96.01",
        "short_descriptor": "Acute & hypoxic",
        "billable": True,
        "last_day": None,
        "note": "=1+1",
    }
    assert len(values["copyright"]) == 1


def test_value_set(client: Client, knee: CodeList) -> None:
    response = client.get(f"{shared(client, knee)}valueset.json")
    assert response["Content-Type"] == "application/fhir+json"
    values = response.json()
    assert values["resourceType"] == "ValueSet"
    assert (values["name"], values["title"]) == ("Knee2026", "Knee 2026!")
    assert values["status"] == "active"
    assert "American Medical Association" in values["copyright"]
    cpt, icd = values["compose"]["include"]
    assert (cpt["system"], icd["system"]) == (
        "http://www.ama-assn.org/go/cpt",
        "http://hl7.org/fhir/sid/icd-10-cm",
    )
    (concept,) = icd["concept"]
    assert (concept["code"], concept["display"]) == ("J96.01", "Acute & hypoxic")
    assert concept["extension"][0]["valueString"] == "=1+1"


def test_files_say_to_the_second_when_they_were_made(client: Client, knee: CodeList) -> None:
    """Six digits more would mean nothing, and look like a code."""
    path = shared(client, knee)
    for name, field in (("codes.json", "exported_at"), ("valueset.json", "date")):
        before = timezone.now().replace(microsecond=0)
        made_at = datetime.fromisoformat(client.get(f"{path}{name}").json()[field])
        assert made_at.microsecond == 0
        assert before <= made_at <= timezone.now()


def test_an_empty_value_set_includes_nothing(client: Client, owner: User) -> None:
    empty = list_actions.create_list(owner=owner, name="2026")
    values = client.get(f"{shared(client, empty)}valueset.json").json()
    assert "compose" not in values
    assert values["name"] == "List2026"
