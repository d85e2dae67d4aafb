from django.apps import apps
from django.db import connection

# What a model has forgotten and the table still has, for the next deployment to drop.
DROPPED_NEXT: set[tuple[str, str | None]] = set()


def test_the_tables_have_the_columns_of_the_models_and_no_more(db: None) -> None:
    """A drop takes two deployments; this one tells of a second step that nobody took."""
    tables = set()
    columns = set(DROPPED_NEXT)
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            table = model._meta.db_table
            tables.add(table)
            columns |= {(table, field.column) for field in model._meta.local_concrete_fields}
    with connection.cursor() as cursor:
        held = {
            (table, column.name)
            for table in tables
            for column in connection.introspection.get_table_description(cursor, table)
        }
    assert held == columns
