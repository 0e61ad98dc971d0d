"""The models and the migrations say the same, in one line per app, without the project's own code."""

import ast
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from tests.architecture.sources import APPS, list_modules, parse, place


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    said = StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=said)
    except SystemExit:
        pytest.fail(said.getvalue())


@pytest.mark.django_db
def test_every_app_has_one_line_of_migrations() -> None:
    loader = MigrationLoader(connection)
    heads = {app: len(loader.graph.leaf_nodes(app)) for app in APPS if app in loader.migrated_apps}
    assert {app: number for app, number in heads.items() if number != 1} == {}


def test_no_migration_imports_the_project() -> None:
    imported = []
    for path in list_modules(with_migrations=True):
        if "migrations" not in path.parts:
            continue
        for node in ast.walk(parse(path)):
            match node:
                case ast.ImportFrom(module=str(name)) if name.split(".")[0] in APPS:
                    imported.append(place(path, node.lineno))
                case ast.Import(names=names) if any(alias.name.split(".")[0] in APPS for alias in names):
                    imported.append(place(path, node.lineno))
    assert imported == []
