"""The two web examples, asked as a browser and a program would ask them."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

import reen

EXAMPLES = Path(__file__).parents[2] / "examples" / "web"
PARC = "Type;Nombre;Durée de vie (ans);Pays\nPC portable;12;5;FR\n".encode()

pytestmark = pytest.mark.skipif(
    not EXAMPLES.is_dir(), reason="the examples are not beside the tests: this is no checkout"
)


def loaded(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.filterwarnings("default")  # of the web frameworks
def test_fastapi_measures_a_file_and_says_what_is_wrong_with_another() -> None:
    pytest.importorskip("fastapi")
    pytest.importorskip("httpx")
    from fastapi.testclient import TestClient

    client = TestClient(loaded("fastapi_app").app)
    query = {"as_of": "2025-12-31"}
    answer = client.post("/footprint", content=PARC, params=query)
    assert answer.status_code == 200, answer.text
    found = reen.stored.footprint_from_json(answer.text)
    expected = reen.measure(
        reen.read(PARC, name="parc.csv"), "base-carbone", by="equipment_type", as_of="2025-12-31"
    )
    assert found.total().value == expected.total().value
    page = client.post("/page", content=PARC, params=query)
    assert "Changement climatique" in page.text
    wrong = client.post("/footprint", content=b"nothing of use", params=query)
    assert wrong.status_code == 422
    assert wrong.json()["message"]
    unknown = client.post("/footprint", content=PARC, params={"method": "base-carbonne"})
    assert unknown.status_code == 422
    assert "base-carbone" in unknown.json()["message"]


@pytest.mark.filterwarnings("default")
def test_django_shows_the_page_of_a_file() -> None:
    pytest.importorskip("django")
    loaded("django_app")
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.test import Client

    client = Client()
    form = client.get("/")
    assert b"<form" in form.content
    page = client.post("/", {"parc": SimpleUploadedFile("parc.csv", PARC)})
    assert page.status_code == 200
    assert "Changement climatique" in page.content.decode()
    wrong = client.post("/", {"parc": SimpleUploadedFile("a.csv", b"<b>nothing</b>")})
    assert wrong.status_code == 422
    assert b"<b>nothing" not in wrong.content
