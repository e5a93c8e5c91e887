"""EcoDiag's table of models, from the user's copy: figures by type and model, and their patterns.

Input: ``devices.js`` as EcoDiag's page gives it for download ("Télécharger le fichier de données").
It states no licence, so none of it is here but the defaults that `ecodiag_devices` quotes.  Output:
`EcoDiagModels`: the devices by name (``laptop``, ``laptop/latitude_7xxx``), and which of them a
model is, by the same rule as the page: the first pattern of the type that the model holds.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

import attrs

from reen.errors import FileFormatError
from reen.plugin import Reason
from reen_plugins.ecodiag.devices import DEFAULT_DEVIATION, Device
from reen_plugins.ecodiag.script import Pattern, ScriptError, Value, read_table

__all__ = ["DEFAULT", "EcoDiagModels", "device_named"]

#: Model of a type that is the type itself.
DEFAULT = "default"

_NAME = "devices"
_FLAGS = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL}
#: Flags that change nothing of a search for one match.
_NEEDLESS = frozenset("gu")


@attrs.frozen(repr=False)
class EcoDiagModels:
    """The devices of a copy.

    Attributes
    ----------
    name, version
        Name of the file, and head of the SHA-256 of its bytes.
    devices
        Figures by name: ``type`` or ``type/model``.
    patterns
        Patterns of the models of each type, with the device of each, in the order of the file.
    """

    name: str
    version: str
    devices: Mapping[str, Device] = attrs.field(repr=False)
    patterns: Mapping[str, tuple[tuple[re.Pattern[str], str], ...]] = attrs.field(repr=False)

    def __str__(self) -> str:
        """Return its name, size and digest, for a provenance."""
        return f"{self.name} ({len(self.devices)} devices, SHA-256 {self.version})"

    @classmethod
    def read(cls, path: str | Path) -> EcoDiagModels:
        """Read a copy.

        Raises
        ------
        FileFormatError
            It is no table of devices, or not understood.
        """
        path = Path(path)
        try:
            raw = path.read_bytes()
            table = read_table(raw.decode("utf-8-sig"), _NAME)
            reader = _Reader()
            reader.read(table)
        except (OSError, UnicodeDecodeError, ScriptError) as error:
            reason = Reason("error_not_read_ecodiag_s_table_devices", error=str(error))
            raise FileFormatError(str(path), reason) from error
        version = hashlib.sha256(raw).hexdigest()[:12]
        return cls(path.name, version, reader.devices, reader.patterns)

    def of_model(self, kind: str, model: str) -> str | None:
        """Return the device of a type whose pattern a model holds, None for none."""
        found = (name for pattern, name in self.patterns.get(kind, ()) if pattern.search(model))
        return next(found, None)


@attrs.define(eq=False, repr=False)
class _Reader:
    """Devices and patterns, as they are read."""

    devices: dict[str, Device] = attrs.field(factory=dict)
    patterns: dict[str, tuple[tuple[re.Pattern[str], str], ...]] = attrs.field(factory=dict)

    def read(self, table: Value) -> None:
        """Read the types and their models."""
        for kind, about in _object(table, _NAME).items():
            own = _object(about, kind)
            self.devices[kind] = _device(own, kind, None)
            patterns = []
            for model, entry in _object(own.get("models", {}), f"{kind}.models").items():
                known = entry if isinstance(entry, dict) else {"grey_CO2": entry}
                name = kind if model == DEFAULT else f"{kind}/{model}"
                if model != DEFAULT:
                    self.devices[name] = _device(known, name, self.devices[kind])
                if "regex" in known:
                    patterns.append((_compiled(known["regex"], name), name))
            self.patterns[kind] = tuple(patterns)


def _object(value: Value, where: str) -> dict[str, Value]:
    if not isinstance(value, dict):
        message = str(Reason("error_no_object", where=where))
        raise ScriptError(message)
    return value


def _device(known: Mapping[str, Value], where: str, of_type: Device | None) -> Device:
    """Return the figures of a type or of a model; a model takes what it lacks from its type."""
    grey, deviations = _grey(known.get("grey_CO2"), where)
    if grey is None:
        if of_type is None:
            message = str(Reason("error_has_no_grey_co2", where=where))
            raise ScriptError(message)
        grey, deviations = of_type.grey, of_type.deviations
    if not grey:
        message = str(Reason("error_grey_co2_0", where=where))
        raise ScriptError(message)
    lifetime = _number(known.get("duration"), f"{where}.duration")
    lifetime = lifetime or (of_type.lifetime if of_type else None)
    if not lifetime:
        message = str(Reason("error_has_no_duration", where=where))
        raise ScriptError(message)
    energy = _number(known.get("yearly_consumption"), f"{where}.yearly_consumption")
    if energy is None and of_type is None:
        message = str(Reason("error_has_no_yearly_consumption", where=where))
        raise ScriptError(message)
    # as the page does, where 0 is no figure
    return Device(grey, lifetime, energy or (of_type.energy if of_type else 0.0), deviations)


def _grey(value: Value | None, where: str) -> tuple[float | None, tuple[float, ...]]:
    """Return manufacture and transport, and its relative standard deviation."""
    if isinstance(value, dict):
        mean = _number(value.get("mean"), f"{where}.grey_CO2.mean")
        deviation = _number(value.get("std"), f"{where}.grey_CO2.std")
    else:
        mean, deviation = _number(value, f"{where}.grey_CO2"), None
    return mean, (deviation or DEFAULT_DEVIATION,)


def _number(value: Value | None, where: str) -> float | None:
    if value is None or (isinstance(value, float) and value >= 0.0):
        return value
    message = str(Reason("error_no_number_from_0", where=where))
    raise ScriptError(message)


def _compiled(value: Value, where: str) -> re.Pattern[str]:
    if not isinstance(value, Pattern) or set(value.flags) - _FLAGS.keys() - _NEEDLESS:
        message = str(Reason("error_regex_none", where=where))
        raise ScriptError(message)
    flags = re.RegexFlag(0)
    for flag in set(value.flags) & _FLAGS.keys():
        flags |= _FLAGS[flag]
    try:
        return re.compile(value.text, flags)
    except re.error as error:
        message = str(Reason("error_regex_not_understood", where=where, error=str(error)))
        raise ScriptError(message) from error


def device_named(model: str, devices: Mapping[str, Device]) -> str | None:
    """Return the device that a text names: ``laptop/latitude_7xxx``, or its model alone.

    ``laptop/default`` is the type itself.  A bare type names no model here: lists of assets write
    types in the column of models.

    Examples
    --------
    >>> from reen_plugins.ecodiag.devices import DEVICES
    >>> device_named("avg_WS", DEVICES), device_named("desktop/default", DEVICES)
    ('desktop/avg_WS', 'desktop')
    """
    kind, mark, name = model.strip().partition("/")
    if mark:
        found = kind if name == DEFAULT else model.strip()
        return found if found in devices else None
    return next((each for each in devices if each.endswith(f"/{kind}")), None)
