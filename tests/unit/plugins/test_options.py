"""Options: a method's fields, set by name from text or values, refused with what would fit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

import attrs
import pytest

import reen
from reen.plugins.options import options_of
from reen.testing import ToyMethod


@attrs.frozen(kw_only=True)
class Many(ToyMethod):
    """A method with an option of every kind."""

    name: ClassVar[str] = "many"
    flag: bool = False
    count: int = attrs.field(default=1, validator=attrs.validators.ge(1))
    share: float = 0.5
    years: float | None = None
    word: str = "a"
    choice: Literal["x", "y"] = "x"
    number: Literal[1, 2] = 1
    table: Mapping[str, str] = attrs.field(factory=dict)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("flag", "true", True),
        ("flag", "No", False),
        ("count", "3", 3),
        ("share", "0.25", 0.25),
        ("years", "4", 4.0),
        ("years", "none", None),
        ("word", "b", "b"),
        ("choice", "y", "y"),
        ("number", "2", 2),
        ("table", "laptop=27002, desktop = 27003", {"laptop": "27002", "desktop": "27003"}),
        ("table", "", {}),
    ],
)
def test_text_is_read_as_the_field_says(name: str, text: str, value: object) -> None:
    """Truth values, numbers, none, choices and tables."""
    assert getattr(reen.configure(Many(), {name: text}), name) == value


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("flag", "maybe", "many: option flag='maybe': expected true or false."),
        ("count", "1.5", "many: option count='1.5': expected a whole number."),
        ("count", "0", "many: option count='0': expected a number >= 1."),
        ("share", "half", "many: option share='half': expected a number."),
        ("share", "inf", "many: option share='inf': expected a finite number."),
        ("share", "1e999", "many: option share='1e999': expected a finite number."),
        ("years", "nan", "many: option years='nan': expected a finite number."),
        ("choice", "z", "many: option choice='z': expected one of x, y."),
        ("table", "laptop", "many: option table='laptop': expected name=value pairs separated by"),
        ("falg", "true", "many: option falg='true': expected 'flag'? (one of "),
        ("zzz", "true", "many: option zzz='true': expected one of "),
    ],
)
def test_text_that_does_not_fit_is_refused(name: str, text: str, message: str) -> None:
    """Method, option, value, and what would be accepted."""
    with pytest.raises(reen.errors.OptionError) as caught:
        reen.configure(Many(), {name: text})
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("name", "given", "value"),
    [
        ("flag", True, True),
        ("count", 3, 3),
        ("count", 3.0, 3),
        ("share", 1, 1.0),
        ("share", 0.25, 0.25),
        ("years", 4, 4.0),
        ("years", None, None),
        ("word", 2024, "2024"),
        ("choice", "y", "y"),
        ("number", 2, 2),
        ("table", {"laptop": 27002}, {"laptop": "27002"}),
    ],
)
def test_values_are_taken_as_the_text_of_them(name: str, given: object, value: object) -> None:
    """What a notebook gives as a number or a table, the command line gives as text."""
    found = getattr(reen.configure(Many(), {name: given}), name)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        ("share", True, "many: option share='True': expected a number."),
        ("count", 1.5, "many: option count='1.5': expected a whole number."),
        ("count", 0, "many: option count='0': expected a number >= 1."),
        ("years", [4], "many: option years='[4]': expected a number."),
        ("flag", {"a": 1}, "many: option flag='a=1': expected true or false."),
        ("share", float("nan"), "many: option share='nan': expected a finite number."),
        ("table", 4, "many: option table='4': expected name=value pairs separated by"),
        ("choice", 1, "many: option choice='1': expected one of x, y."),
        ("number", 3, "many: option number='3': expected one of 1, 2."),
    ],
)
def test_values_that_do_not_fit_are_refused(name: str, given: object, message: str) -> None:
    with pytest.raises(reen.errors.OptionError) as caught:
        reen.configure(Many(), {name: given})
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("flag", "maybe", "true ou false"),
        ("count", "1.5", "un nombre entier"),
        ("count", "0", "un nombre >= 1"),
        ("share", "half", "un nombre"),
        ("share", "inf", "un nombre fini"),
        ("choice", "z", "x, y"),
        ("table", "laptop", "des paires nom=valeur séparées par des virgules"),
    ],
)
def test_what_does_not_fit_is_refused_in_french(name: str, text: str, expected: str) -> None:
    """The whole sentence, what is expected included."""
    with pytest.raises(reen.errors.OptionError) as caught:
        reen.configure(Many(), {name: text})
    said = caught.value.said.text("fr")
    assert said.startswith(f"many : option {name}='{text}'")
    assert said.rstrip(".").endswith(expected)


def test_a_method_is_not_changed() -> None:
    """Configuring makes another one."""
    method = Many()
    reen.configure(method, {"flag": "true"})
    assert method.flag is False


def test_no_option_is_the_method_itself() -> None:
    """Nothing to set."""
    method = Many()
    assert reen.configure(method, {}) is method


def test_options_as_text() -> None:
    """Sorted by name, tables too: what the provenance holds."""
    options = options_of(Many(table={"b": "2", "a": "1"}))
    assert list(options) == sorted(options)
    assert options["table"] == "a=1, b=2"
    assert (options["flag"], options["years"]) == ("False", "None")


@pytest.mark.parametrize("number", [float("inf"), float("-inf"), float("nan")])
@pytest.mark.parametrize("option", ["share", "years"])
def test_a_number_that_is_not_finite_is_refused(option: str, number: float) -> None:
    """Also when the method is configured in code, where no text is read: before it prepares."""
    method = Many(**{option: number})
    with pytest.raises(
        reen.errors.OptionError, match=f"many: option {option}='{number}': expected a fin"
    ):
        reen.measure(reen.Equipment("laptop"), method=method)


def test_an_infinite_lifetime_factor_is_refused() -> None:
    """EcoDiag's passes its own check, being above 0; it would bring every figure to zero."""
    ecodiag = reen.default_registry().method("ecodiag")
    for text in ("inf", "nan"):
        with pytest.raises(reen.errors.OptionError, match="option lifetime_factor="):
            reen.configure(ecodiag, {"lifetime_factor": text})


def test_a_truth_value_is_the_word_of_an_option_that_has_more_words() -> None:
    """``proxies`` is "false", "true" or "only": True does in Python, as on the command line."""
    given = reen.default_registry().method("base-carbone")
    method = reen.configure(given, {"proxies": True, "archived": False})
    assert options_of(method)["proxies"] == "true"
    assert options_of(method)["archived"] == "false"
