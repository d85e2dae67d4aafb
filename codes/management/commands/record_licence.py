"""``manage.py record_licence cpt …``: record the licence under which CPT files are loaded."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import localdate

from codes.import_records import NoticeAcceptance

Notice = NoticeAcceptance.Notice


class Command(BaseCommand):
    """Record a licence once; it is never changed, and one of another year stands beside it."""

    help = (
        "Record the licence of the American Medical Association under which this installation loads"
        " and shows CPT files, and who accepts its terms. Without one, CPT files are refused."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("system", choices=[Notice.CPT.value])
        parser.add_argument("--holder", required=True, help="whom the licence is granted to")
        parser.add_argument("--number", required=True, help="the number of the licence")
        parser.add_argument("--year", required=True, type=int, help="the year that it is for")
        parser.add_argument(
            "--accepted-by", required=True, help="the person who accepts the terms of the licence"
        )

    def handle(self, *args: object, **options: Any) -> None:
        stated = {name: options[name].strip() for name in ("holder", "number", "accepted_by")}
        for name, value in stated.items():
            if not value:
                raise CommandError(f"--{name.replace('_', '-')} is empty.")
        year = options["year"]
        if not 2000 <= year <= localdate().year + 1:
            raise CommandError(f"{year} is no year of a licence that can be recorded now.")
        licence, is_new = NoticeAcceptance.objects.get_or_create(
            notice=Notice.CPT,
            licence_number=stated["number"],
            licence_year=year,
            defaults={"licence_holder": stated["holder"], "accepted_by": stated["accepted_by"]},
        )
        if not is_new and licence.licence_holder != stated["holder"]:
            raise CommandError(
                f"Licence {licence.licence_number} of {year} is recorded already, for"
                f" {licence.licence_holder}."
            )
        done = "is recorded" if is_new else "was recorded before; nothing changed"
        self.stdout.write(
            f"Licence {licence.licence_number} of {year} for {licence.licence_holder} {done}."
            f" Accepted by {licence.accepted_by}, {licence.at:%Y-%m-%d}."
        )
