"""CPT files: refused without a licence; loaded, they take the place of the sample wording.

Every text of the deliveries in tests/data/cpt is invented.
"""

from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from codes.authored_texts import AuthoredText, TextRevision
from codes.import_records import NoticeAcceptance
from codes.models import Code, CodeSystem, Release
from tests import factories

pytestmark = pytest.mark.django_db

DATA = Path(settings.BASE_DIR, "tests", "data", "cpt")
LICENCE = {"holder": "Invented Clinic", "number": "X-1", "year": 2026, "accepted_by": "A. Person"}


def record(**changed: Any) -> str:
    out = StringIO()
    call_command("record_licence", "cpt", stdout=out, **(LICENCE | changed))
    return out.getvalue()


def load(number: int, **options: Any) -> str:
    out = StringIO()
    paths = [str(path) for path in sorted((DATA / str(number)).rglob("*.txt"))]
    call_command("import_codes", "cpt", *paths, stdout=out, verbosity=0, no_input=True, **options)
    return out.getvalue()


def sample_text(of: Code, kind: str = "plain", **fields: Any) -> AuthoredText:
    text = factories.published_text(of, kind, html="<p>Sample words</p>")
    release = of.release
    AuthoredText.objects.filter(pk=text.pk).update(release=release, **fields)
    return text


@pytest.fixture
def sample() -> Code:
    """A code of the sample that the licensed delivery names too."""
    system = factories.system("cpt")
    factories.release(system, is_sample=True, is_current=True, label="Sample")
    return factories.code("99290", of=system, short_descriptor="Sample wording")


def test_a_licence_is_recorded_once_and_every_year_anew() -> None:
    assert "Licence X-1 of 2026 for Invented Clinic is recorded." in record()
    assert "was recorded before; nothing changed" in record(accepted_by="Somebody else")
    record(year=2027)
    recorded = NoticeAcceptance.objects.values_list("licence_year", "accepted_by")
    assert list(recorded) == [(2026, "A. Person"), (2027, "A. Person")]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"holder": "  "}, "--holder is empty"),
        ({"number": ""}, "--number is empty"),
        ({"accepted_by": " "}, "--accepted-by is empty"),
        ({"year": 26}, "26 is no year"),
        ({"year": 2199}, "2199 is no year"),
    ],
)
def test_a_licence_is_recorded_whole_or_not(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        record(**changed)
    assert not NoticeAcceptance.objects.exists()


def test_the_same_licence_has_one_holder() -> None:
    record()
    with pytest.raises(CommandError, match="recorded already, for Invented Clinic"):
        record(holder="Another clinic")


@pytest.mark.parametrize("name", ["accepted_by", "licence_holder", "licence_number"])
@pytest.mark.parametrize("value", ["", " \t"])
def test_the_database_refuses_a_licence_with_a_gap(name: str, value: str) -> None:
    whole = {"accepted_by": "A", "licence_holder": "B", "licence_number": "C"}
    values: dict[str, Any] = {**whole, "licence_year": 2026, "notice": "cpt", name: value}
    with pytest.raises(IntegrityError, match="noticeacceptance_names"), transaction.atomic():
        NoticeAcceptance.objects.create(**values)


def test_the_database_refuses_a_licence_without_a_year_and_a_second_one() -> None:
    values = {"notice": "cpt", "accepted_by": "A", "licence_holder": "B", "licence_number": "C"}
    with pytest.raises(IntegrityError, match="names_licence"), transaction.atomic():
        NoticeAcceptance.objects.create(**values)
    NoticeAcceptance.objects.create(**values, licence_year=2026)
    with pytest.raises(IntegrityError, match="licence_once"), transaction.atomic():
        NoticeAcceptance.objects.create(**values, licence_year=2026)


def test_files_are_refused_without_a_licence(sample: Code) -> None:
    with pytest.raises(CommandError, match="licence"):
        load(1)
    assert Code.objects.get().short_descriptor == "Sample wording"
    assert Release.objects.get().is_sample


def test_a_delivery_is_loaded_under_the_licence(sample: Code) -> None:
    record()
    told = load(1)
    assert "is now the current release" in told
    release = Release.objects.get(source="cpt", is_current=True)
    assert (release.label, release.is_sample) == ("2026", False)
    code = Code.objects.get(key="99290")
    assert code.pk == sample.pk
    assert code.short_descriptor == "INVENTED VISIT A"
    assert code.inclusion_terms == ["Invented encounter A1", "Invented encounter A2"]
    assert Release.objects.filter(source="cpt-modifiers", is_current=True).exists()
    assert "Nothing to do" in load(1)


def test_sample_texts_give_way_unless_they_were_edited(sample: Code) -> None:
    editor = factories.staff()
    other = factories.code("10990", of=sample.system)
    replaced = sample_text(sample)
    withdrawn = sample_text(sample, "guidelines")
    edited = sample_text(other, author=editor)
    written = factories.published_text(other, "compliance", html="<p>Ours</p>")
    record()
    load(1)
    for text in (replaced, withdrawn, edited, written):
        text.refresh_from_db()
    assert replaced.html == "<p>Talking about *invented* things &amp; more</p>"
    assert replaced.is_publishers
    assert (withdrawn.html, withdrawn.status) == ("", "draft")
    assert edited.html == "<p>Sample words</p>"
    assert written.html == "<p>Ours</p>"
    assert TextRevision.objects.filter(text__in=[replaced, withdrawn]).count() == 2


def test_the_next_delivery_replaces_and_withdraws_its_own_texts(sample: Code) -> None:
    record()
    record(year=2027)
    load(1)
    load(2, may_vanish=1.0, effective_date=date(2026, 7, 1))
    texts = AuthoredText.objects.order_by("code__key").values_list("code__key", "html")
    assert list(texts) == [
        ("10990", ""),
        ("99290", "<p>Talking about invented things, said anew</p>"),
    ]
    gone = Code.objects.get(key="0999U")
    assert gone.valid_to is not None


def test_a_failure_changes_nothing(sample: Code, tmp_path: Path) -> None:
    record()
    load(1)
    before = list(Code.objects.order_by("pk").values())
    path = tmp_path / "SHORTU.txt"
    short = (DATA / "2" / "SHORTU.txt").read_bytes()
    path.write_bytes(short[:-40])
    paths = [str(path), *(str(DATA / "2" / name) for name in ("MEDU.txt", "LONGULF.txt"))]
    with pytest.raises(CommandError, match="nothing was loaded"):
        call_command("import_codes", "cpt", *paths, verbosity=0, no_input=True, stderr=StringIO())
    assert list(Code.objects.order_by("pk").values()) == before
    assert Release.objects.get(source="cpt", is_current=True).label == "2026"


def test_headings_of_the_sample_give_way(sample: Code, client: Client) -> None:
    chapter = factories.heading("chapter", "surgery", of=sample.system, display="Sample chapter")
    factories.heading("section", "10", of=sample.system, parent=chapter, display="Sample section")
    assert "Sample chapter" in client.get("/codes/cpt/").content.decode()
    record()
    load(1)
    html = client.get("/codes/cpt/").content.decode()
    assert "99202–99499" in html
    assert "Sample chapter" not in html
    html = client.get("/codes/cpt/chapter/99202-99499/").content.decode()
    assert "INVENTED VISIT A" in html
    assert "Sample section" not in client.get("/codes/cpt/chapter/surgery/").content.decode()


def test_a_page_says_whose_words_they_are(sample: Code, client: Client) -> None:
    record()
    load(1)
    html = client.get("/codes/cpt/99290/").content.decode()
    assert "Talking about *invented* things" in html
    assert "The publisher’s wording for patients, from CPT® standard data files, 2026." in html
    assert "Clinician descriptors" in html
    assert "Written for this site" not in html


def test_the_publishers_words_follow_the_display_mode(sample: Code, client: Client) -> None:
    record()
    load(1)
    system = sample.system
    system.display_mode = CodeSystem.DisplayMode.CODES_ONLY
    system.save()
    system.invalidate_pages()
    html = client.get("/codes/cpt/99290/").content.decode().lower()
    assert "invented" not in html


def test_the_admin_lists_licences(client: Client) -> None:
    record()
    client.force_login(factories.staff())
    address = reverse("admin:codes_noticeacceptance_changelist")
    assert "Invented Clinic" in client.get(address).content.decode()
    assert client.get(reverse("admin:codes_noticeacceptance_add")).status_code == 403
    client.force_login(factories.user(is_staff=True))
    assert client.get(address).status_code == 403
