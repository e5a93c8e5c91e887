"""Options of a method: its attrs fields, set by name from text or values.

Role: `configure(method, {"amortisation": "accounting"})` for the command line and for notebooks.
Text is read as the field's annotation says; an unknown name or a value that does not fit is an
`OptionError` that says what would.  Imports the method contract only.
"""

from __future__ import annotations

import math
import types
import typing
from collections.abc import Mapping
from typing import TypeVar

import attrs

from reen.errors import OptionError
from reen.patterns import pattern
from reen.plugins.building import default_registry
from reen.plugins.method import Method
from reen.plugins.registry import Registry
from reen.reasons import Reason

__all__ = ["check_options", "configure", "options_of", "with_options"]

M = TypeVar("M", bound=Method)

_FINITE = Reason("error_finite_number")

_BOUND = pattern(r"'\w+' must be (?P<sign>[<>]=?) (?P<bound>\S+): ")

_WORDS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def options_of(method: Method) -> dict[str, str]:
    """Return the options of a method as text, by name, sorted."""
    return {name: _as_text(getattr(method, name)) for name in sorted(_fields(method))}


def _fields(method: Method) -> tuple[str, ...]:
    kind: type = type(method)
    return tuple(attrs.fields_dict(kind)) if attrs.has(kind) else ()


def _as_text(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key}={_as_text(item)}" for key, item in sorted(value.items()))
    return str(value)


def with_options(
    method: str | Method, options: Mapping[str, object], registry: Registry | None
) -> str | Method:
    """Return a method as it was given, or with some options, as `measure` takes them by name.

    Raises
    ------
    UnknownNameError
        A method that no plugin provides.
    OptionError
        An option that the method does not have, or a value that does not fit.
    """
    if not options:
        return method
    if isinstance(method, str):
        method = (registry or default_registry()).method(method)
    return configure(method, options)


def check_options(method: Method) -> None:
    """Refuse an option that is infinite or not a number, however the method was configured.

    Validators of ranges let them pass (infinity is above 0), and no figure could come of them.

    Raises
    ------
    OptionError
        With the option.
    """
    for name in _fields(method):
        value = getattr(method, name)
        if isinstance(value, float) and not math.isfinite(value):
            raise OptionError(method.name, name, str(value), _FINITE)


def configure(method: M, options: Mapping[str, object]) -> M:
    """Return `method` with some options set, from text or from values.

    Parameters
    ----------
    method
        The method, with its default options.
    options
        By name: text as the command line gives it (``"32"``, ``"true"``, ``"laptop=27002"``), or
        the value itself (``32``, ``True``, ``{"laptop": "27002"}``).

    Raises
    ------
    OptionError
        When the method has no option of that name, or the value does not fit.

    Examples
    --------
    >>> import reen
    >>> ecodiag = reen.default_registry().method("ecodiag")
    >>> configure(ecodiag, {"lifetime_factor": "1.5"}) == configure(
    ...     ecodiag, {"lifetime_factor": 1.5}
    ... )
    True
    """
    given_options: object = options
    if not isinstance(given_options, Mapping):
        reason = Reason("error_options_by_name")
        raise OptionError("configure", "options", type(given_options).__name__, reason)
    if not callable(getattr(method, "prepare", None)):
        reason = Reason("error_method_of_registry")
        raise OptionError("configure", "method", type(method).__name__, reason)
    known = _fields(method)
    hints = typing.get_type_hints(type(method)) if known else {}
    values: dict[str, object] = {}
    for name, given in options.items():
        text = _as_text(given)
        if name not in known:
            import difflib

            near = difflib.get_close_matches(name, known, 1)
            expected = Reason("error_no_option")
            if known:
                expected = Reason("error_one_of", names=", ".join(known))
            if near:
                expected = Reason("error_near_one_of", near=near[0], names=", ".join(known))
            raise OptionError(method.name, name, text, expected)
        if isinstance(given, str):
            values[name] = _parse(method.name, name, given, hints[name])
        else:
            values[name] = _typed(method.name, name, given, hints[name])
    try:
        # a method with options is an attrs class, which its protocol cannot say
        return attrs.evolve(method, **values) if values else method  # type: ignore[misc]
    except (ValueError, TypeError) as error:
        raise OptionError(
            method.name,
            ", ".join(values),
            ", ".join(map(_as_text, options.values())),
            _accepted(error),
        ) from error


def _accepted(error: Exception) -> Reason:
    """Return what a validator accepts: a bound of attrs in words, else its own message."""
    # attrs validators raise (message, attribute, ...): the message alone is for people
    found = str(error.args[0] if error.args else error).splitlines()[0]
    bound = _BOUND.match(found)
    if bound is None:
        return Reason("error_values_accepted", found=found)
    return Reason("error_number_bound", sign=bound["sign"], bound=bound["bound"])


def _typed(owner: str, name: str, value: object, hint: object) -> object:
    """Return a value that is no text, when it is of the type of the annotation `hint`.

    True is no number of 1, and 32 does for 32.0; what is neither flag, number nor text is for the
    option's own validator.
    """
    choices, optional = _choices(hint)
    if value is None and optional:
        return None
    if isinstance(value, bool):
        word = str(value).casefold()
        named = word in typing.get_args(hint)  # "true", "false" or more, as on the command line
        if bool not in choices and not named:
            raise OptionError(owner, name, str(value), _expected(choices))
        return word if named else value
    if isinstance(value, (int, float)):
        if not {int, float} & set(choices):
            return _parse(owner, name, _as_text(value), hint)
        whole = str(int(value)) if float(value).is_integer() else str(value)
        return _number(owner, name, whole, float if float in choices else int)
    if choices and choices <= {bool, int, float, str}:
        raise OptionError(owner, name, _as_text(value), _expected(choices))
    if isinstance(value, Mapping) and typing.get_args(hint) == (str, str):
        return {str(key): _as_text(item) for key, item in value.items()}
    return value


def _choices(hint: object) -> tuple[frozenset[object], bool]:
    """Return the types that an annotation allows, and whether it allows none."""
    union = typing.get_origin(hint) in (typing.Union, types.UnionType)
    choices = typing.get_args(hint) if union else (hint,)
    return frozenset(choices) - {type(None)}, type(None) in choices


#: What a value of each type is called.
_CALLED = {
    bool: "error_true_false",
    int: "expected_whole_number",
    float: "number",
    str: "expected_text",
}


def _expected(choices: frozenset[object]) -> Reason:
    found = [Reason(code) for kind, code in _CALLED.items() if kind in choices]
    expected = found.pop() if found else Reason("expected_text")
    for each in reversed(found):
        expected = Reason("error_either_or", first=each, second=expected)
    return expected


def _parse(owner: str, name: str, text: str, hint: object) -> object:
    """Read `text` as a value of the type of the annotation `hint`."""
    choices, optional = _choices(hint)
    if optional and text.lower() in ("", "none"):
        return None
    if len(choices) > 1 or optional:
        hint = next(choice for choice in typing.get_args(hint) if choice is not type(None))
    if typing.get_origin(hint) is typing.Literal:
        literals = {str(choice): choice for choice in typing.get_args(hint)}
        if text not in literals:
            raise OptionError(owner, name, text, Reason("error_one_of", names=", ".join(literals)))
        return literals[text]
    if hint is bool:
        if text.lower() not in _WORDS:
            raise OptionError(owner, name, text, Reason("error_true_false"))
        return _WORDS[text.lower()]
    if hint is int or hint is float:
        return _number(owner, name, text, hint)
    origin = typing.get_origin(hint)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _pairs(owner, name, text)
    return text


def _pairs(owner: str, name: str, text: str) -> dict[str, str]:
    pairs = [pair.partition("=") for pair in text.split(",") if pair.strip()]
    if not all(mark for _, mark, _ in pairs):
        raise OptionError(owner, name, text, Reason("error_pairs_by_commas"))
    return {key.strip(): value.strip() for key, _, value in pairs}


def _number(owner: str, name: str, text: str, kind: type[int | float]) -> float:
    try:
        number = kind(text)
    except ValueError as error:
        raise OptionError(owner, name, text, Reason(_CALLED[kind])) from error
    if not math.isfinite(number):
        raise OptionError(owner, name, text, _FINITE)
    return number
