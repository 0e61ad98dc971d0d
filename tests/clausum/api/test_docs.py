"""`/api/schema`, `/api/docs` and what they bring along."""

import json
import re

import pytest
import yaml
from django.test import Client
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from assess.catalog import API_VERSION
from clausum.api.docs import make_document


def test_the_schema_is_valid_openapi_3_1() -> None:
    document = make_document()
    assert document["openapi"] == "3.1.1"
    validate(document, cls=OpenAPIV31SpecValidator)


def test_the_schema_names_the_version_of_the_catalog() -> None:
    assert make_document()["info"] == {
        "title": "Clausum API",
        "version": API_VERSION,
        "description": "Assess payments before they leave, and manage what decides about them.",
        "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    }


def test_the_schema_is_served_as_json_and_as_yaml(client: Client) -> None:
    as_json, as_yaml = client.get("/api/schema"), client.get("/api/schema", {"format": "yaml"})
    assert (as_json.status_code, as_json["Content-Type"]) == (200, "application/json")
    assert (as_yaml.status_code, as_yaml["Content-Type"]) == (200, "application/yaml")
    assert json.loads(as_json.content) == yaml.safe_load(as_yaml.content) == make_document()


def test_another_format_is_refused_by_name(client: Client) -> None:
    response = client.get("/api/schema", {"format": "xml"})
    assert response.status_code == 400
    assert response.json()["error"]["details"] == {"fields": {"format": ["must be json or yaml"]}}


def test_no_host_is_named_in_the_schema() -> None:
    document = make_document()
    assert "servers" not in document
    assert "http://" not in json.dumps(document)
    assert "https://" not in json.dumps(document)


def test_amounts_are_numbers_and_metadata_is_an_object() -> None:
    properties = make_document()["components"]["schemas"]["PayinBody"]["properties"]
    assert properties["amount"]["type"] == "number"
    assert {"type": "object"} in properties["metadata"]["anyOf"]


def test_every_operation_lists_what_it_refuses_and_names_its_request() -> None:
    for path, methods in make_document()["paths"].items():
        for method, operation in methods.items():
            responses, where = operation["responses"], f"{method} {path}"
            assert {"500", "503"} <= set(responses), where
            assert ("requestBody" in operation) <= ({"400", "413", "415"} <= set(responses)), where
            assert ("{" in path) <= ("404" in responses), where
            protected = operation["security"] != []
            assert protected <= ({"401", "403", "429"} <= set(responses)), where


@pytest.mark.django_db
def test_the_page_brings_everything_from_here(client: Client) -> None:
    response = client.get("/api/docs")
    page = response.content.decode()
    assert response.status_code == 200
    assert "<title>Clausum API</title>" in page
    assets = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert len(assets) == 6
    for asset in assets:
        assert asset.startswith("/"), asset
        served = client.get(asset)
        assert served.status_code == 200, asset
        served.close()


def test_the_page_has_no_inline_script_or_style(client: Client) -> None:
    page = client.get("/api/docs").content.decode()
    assert re.findall(r"<script(?![^>]*\bsrc=)", page) == []
    assert re.findall(r"<style|\bstyle=|\bon\w+=", page) == []


def test_the_page_has_a_policy_of_its_own(client: Client) -> None:
    assert client.get("/api/docs")["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


@pytest.mark.parametrize("path", ["/api/schema", "/api/docs"])
def test_only_get_is_served(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
