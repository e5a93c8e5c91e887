"""The ticketing example: what its form shows, and that reen leaves its process alone.

The host's own process is what matters, so its state is looked at in a fresh interpreter that has
done nothing but serve the form.
"""

from __future__ import annotations

import datetime as dt
import importlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from urllib.parse import urlencode

import pytest

import reen

pytestmark = pytest.mark.slow

DAY = dt.date(2024, 12, 31)
MODULES = ("advice", "form")

PROBE = """
import datetime as dt, json, locale, logging, os, signal, sys, threading, warnings
from pathlib import Path

logging.captureWarnings(False)
warnings.simplefilter("always")
shown = []
warnings.showwarning = lambda message, *rest, **more: shown.append(str(message))
records = []


class Keep(logging.Handler):
    def emit(self, record):
        records.append(record.getMessage())


logging.root.addHandler(Keep(0))
logging.root.setLevel(0)


def state():
    return {
        "environment": dict(os.environ),
        "excepthook": repr(sys.excepthook),
        "locale": locale.setlocale(locale.LC_ALL),
        "root handlers": repr(logging.root.handlers),
        "root level": logging.root.level,
        "signals": [repr(signal.getsignal(number)) for number in signal.valid_signals()],
        "switch interval": sys.getswitchinterval(),
        "showwarning": repr(warnings.showwarning),
        "threads": threading.active_count(),
        "warning filters": [repr(item) for item in warnings.filters],
        "working directory": os.getcwd(),
    }


# Dependencies may do what they want on import; reen may not.
import attrs, numpy, pint, pluggy, pyarrow, pyarrow.compute, pyarrow.csv

pint.get_application_registry().define("host_token = 7 * meter")
numpy_state = repr(numpy.geterr())
random_state = numpy.random.get_state()[1].tolist()
before = state()
outside = []


def listen(event, arguments):
    if event.startswith("socket.") or event in ("subprocess.Popen", "os.remove", "os.mkdir"):
        outside.append(event)
    elif event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
        outside.append(f"written: {arguments[0]}")


sys.addaudithook(listen)

import reen
from advice import Advisor, read_catalogue
from form import make_form

catalogue = read_catalogue(Path("catalogue.csv"))
advisor = Advisor(catalogue, country="FR", as_of=dt.date(2024, 12, 31))
form = make_form(advisor)
pages = [
    b"".join(form({"QUERY_STRING": f"item={item.reference}&quantity=2"}, lambda *given: None))
    for item in catalogue
]
after = state()

from reen.plugins import building

print(
    json.dumps(
        {
            "changed": [name for name in before if before[name] != after[name]],
            "default registry": building._default.cache_info().currsize,
            "footprints": sum(b"Climate change" in page for page in pages),
            "log": records,
            "outside": list(outside),
            "numpy": numpy_state == repr(numpy.geterr())
            and random_state == numpy.random.get_state()[1].tolist(),
            "units": "kgCO2e" in pint.get_application_registry(),
            "warnings": shown,
        }
    )
)
"""


@pytest.fixture(scope="module")
def folder(repository: Path) -> Path:
    found = repository / "docs" / "examples" / "ticketing"
    assert found.is_dir()
    return found


@pytest.fixture
def host(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, ModuleType]]:
    """Import the modules of the host program, as it does itself."""
    monkeypatch.syspath_prepend(str(folder))
    yield {name: importlib.import_module(name) for name in MODULES}
    for name in MODULES:
        sys.modules.pop(name, None)


@pytest.fixture(scope="module")
def left(folder: Path) -> dict[str, object]:
    """Say what a process is like once reen has worked in it."""
    done = subprocess.run(
        [sys.executable, "-B", "-c", PROBE],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr, "something was printed"
    *printed, last = done.stdout.splitlines()
    assert not printed, "something was printed"
    found: dict[str, object] = json.loads(last)
    return found


def page(form: object, **asked: object) -> str:
    assert callable(form)
    status = []

    def start(code: str, headers: list[tuple[str, str]]) -> None:
        assert dict(headers)["Content-Type"].startswith("text/html")
        status.append(code)

    text = b"".join(form({"QUERY_STRING": urlencode(asked)}, start)).decode()
    assert status == ["200 OK"]
    return text


def advisor_of(host: dict[str, ModuleType], folder: Path, **given: object) -> object:
    advice = host["advice"]
    catalogue = advice.read_catalogue(folder / "catalogue.csv")
    return advice.Advisor(catalogue, country="FR", as_of=DAY, **given)


def test_a_laptop_has_its_price_and_footprint(host: dict[str, ModuleType], folder: Path) -> None:
    """Base Carbone: 156 kg over 5 years = 31.2; 29 kWh a year by the French mix of the year.

    Two of them: twice 31.2 kg and twice the electricity; 2 x 890 EUR.
    """
    advice = advisor_of(host, folder).of("NB-14", 2)  # type: ignore[attr-defined]
    packs = reen.default_registry().factor_packs
    mixes = packs["electricity-france"].factors
    france = ("FR", DAY.year)  # the parts of the mix have its year and no place
    (position,) = [k for k, flow in enumerate(mixes.flows) if (flow.geography, flow.year) == france]
    per_kwh = float(mixes.values[position, mixes.stages.index(reen.Stage.USE), 0])
    assert advice.price == 1780.0
    assert float(advice.total) == pytest.approx(2 * (156 / 5 + 29 * per_kwh), rel=1e-9)
    assert advice.total.complete
    assert advice.unknown == ()


def test_what_is_not_known_is_said_and_not_zero(host: dict[str, ModuleType], folder: Path) -> None:
    form = host["form"].make_form(advisor_of(host, folder))
    shown = page(form, item="AP-6", quantity=3)
    assert "Price: 630.00 EUR" in shown
    assert "Climate change: nothing assessed" in shown
    assert "Not counted: no Base Carbone element for the type" in shown


def test_the_form_shows_the_same_as_a_measurement(
    host: dict[str, ModuleType], folder: Path
) -> None:
    """Twenty screens by the form, and measured at once."""
    form = host["form"].make_form(advisor_of(host, folder))
    twenty = reen.Equipment("monitor", quantity=20, lifetime=7, annual_energy=30, country="FR")
    total = reen.measure(twenty, method="base-carbone", as_of=DAY).total()
    assert f"Climate change: {total}<" in page(form, item="SC-24", quantity=20)


@pytest.mark.parametrize("quantity", ["", "0", "-1", "1000", "two", "²", "1e3"])
def test_a_bad_quantity_is_one(host: dict[str, ModuleType], folder: Path, quantity: str) -> None:
    form = host["form"].make_form(advisor_of(host, folder))
    assert "Price: 150.00 EUR" in page(form, item="SC-24", quantity=quantity)


def test_text_from_outside_is_escaped(host: dict[str, ModuleType], folder: Path) -> None:
    form = host["form"].make_form(advisor_of(host, folder))
    shown = page(form, item="<script>", quantity="<b>")
    assert "<script>" not in shown
    assert "<b>" not in shown


def test_a_registry_made_once_serves_every_request(
    host: dict[str, ModuleType], folder: Path
) -> None:
    """A host's own registry, whose method is its own: no other is asked."""
    registry = reen.load_plugins(only=["reen-bundled"])
    advisor = advisor_of(host, folder, registry=registry)
    first = advisor.of("NB-14")  # type: ignore[attr-defined]
    again = advisor.of("NB-14", 3)  # type: ignore[attr-defined]
    assert float(again.total) == 3 * float(first.total)
    with pytest.raises(reen.errors.UnknownNameError):
        advisor_of(host, folder, registry=reen.load_plugins(only=[])).of("NB-14")  # type: ignore[attr-defined]


def test_an_error_of_reen_does_not_lose_the_request(
    host: dict[str, ModuleType], folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Without any plugin there is no method: the form still answers, and the host logs why."""
    form = host["form"].make_form(advisor_of(host, folder, registry=reen.load_plugins(only=[])))
    assert "Climate change" not in page(form, item="NB-14")
    assert "base-carbone" in caplog.text


def test_many_threads_see_the_same(host: dict[str, ModuleType], folder: Path) -> None:
    advisor = advisor_of(host, folder)
    seen: list[float] = []

    def ask() -> None:
        seen.append(float(advisor.of("NB-16").total))  # type: ignore[attr-defined]

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 8
    assert len(set(seen)) == 1


def test_every_item_was_shown(left: dict[str, object]) -> None:
    assert left["footprints"] == 6


def test_the_process_is_left_alone(left: dict[str, object]) -> None:
    assert left["changed"] == []
    assert left["numpy"] is True


def test_nothing_is_written_nor_asked_of_a_network(left: dict[str, object]) -> None:
    assert left["outside"] == []


def test_nothing_is_logged_nor_warned_about(left: dict[str, object]) -> None:
    assert left["log"] == []
    assert left["warnings"] == []


def test_no_registry_is_kept_for_all(left: dict[str, object]) -> None:
    assert left["default registry"] == 0
    assert left["units"] is False
