"""Trigrams for nearest codes and close spellings."""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("codes", "0002_cache_table")]

    operations = [TrigramExtension()]
