"""The traces of the indicator files: each figure's formula and numbers, as the engine writes them.

Input: the drivers, factor and outcome of one exchange.  Output: JSON text with the keys seen in
published exports (formule, valeurReferentielFacteurCaracterisation, dureeDeVie...); the keys of
defaults come from older exports, where newer ones show none.  Errors have the engine's code
``ErrCalcFonc``; texts of cases that no export shows are ours.

Computes nothing but divisions that undo a share.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

import attrs

__all__ = ["Facts", "application_trace", "equipment_trace", "error_trace", "machine_trace"]

Json = dict[str, object]


@attrs.frozen(kw_only=True)
class Facts:
    """What one line is about.

    Attributes
    ----------
    drivers
        Values of the exchange's drivers by name.
    factor, source
        Impact of one unit of the flow, and where it comes from.
    impact
        Impact of the line.
    assumptions
        What was taken for granted: code and sentence, by parameter.
    row
        Cells of the item's row.
    real_lifetime
        Whether lifetimes are taken from dates.
    as_of
        Reference date, which stands for a retirement that has not come.
    """

    drivers: Mapping[str, float]
    factor: float
    source: str
    impact: float
    assumptions: Mapping[str, tuple[str, str]]
    row: Mapping[str, object]
    real_lifetime: bool
    as_of: str

    def assumed(self, parameter: str) -> str:
        """Return the code of the rule taken for a parameter, empty when it was not assumed."""
        code, _ = self.assumptions.get(parameter, ("", ""))
        return code


def _text(content: Json) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def equipment_trace(facts: Facts, *, use: bool) -> str:
    """Return the trace of a piece of equipment."""
    return _text(_use(facts) if use else _item(facts))


def _item(facts: Facts) -> Json:
    drivers = facts.drivers
    years = 1.0 / drivers["per_lifetime"]
    formula = (
        f"ImpactEquipementPhysique = (Quantité({drivers['quantity']}) *"
        f" referentielFacteurCaracterisation({facts.factor}) *"
        f" TauxUtilisation({drivers['usage_share']})) / dureeVie({years})"
    )
    return {
        "formule": formula,
        "valeurReferentielFacteurCaracterisation": facts.factor,
        "sourceReferentielFacteurCaracterisation": facts.source,
        "dureeDeVie": _lifetime(facts, years),
    }


#: Key of a default lifetime, by the code of what it is.
_DEFAULTS = {
    "default_of_type": "valeurEquipementDureeVieDefaut",
    "default_of_method": "valeurReferentielHypothese",
}


def _lifetime(facts: Facts, years: float) -> Json:
    """Return how the lifetime was obtained."""
    rule = facts.assumed("lifetime")
    if rule in _DEFAULTS:
        default: Json = {"valeur": years, _DEFAULTS[rule]: years}
        return {"valeurRetenue": years, "dureeDeVieParDefaut": default}
    row = facts.row
    found: Json = {
        "valeurRetenue": years,
        "methodeDureeUsage": "REEL" if facts.real_lifetime else "FIXE",
        "dureeUsageAmont": row.get("upstream_lifetime") or 0.0,
        "dureeUsageAval": row.get("downstream_lifetime") or 0.0,
    }
    if facts.real_lifetime:
        found["dateAchat"] = str(row.get("purchase_date"))
        found["dateRetrait"] = str(row.get("retirement_date") or facts.as_of)
    else:
        found["dureeUsageInterne"] = row.get("lifetime")
    if rule:
        _, found["plancher"] = facts.assumptions["lifetime"]
    return found


def _use(facts: Facts) -> Json:
    drivers = facts.drivers
    energy, pue = drivers["annual_energy"], drivers["pue"]
    own = not facts.assumed("annual_energy")
    value = "valeurEquipementConsoElecAnnuelle" if own else "valeurReferentielConsoElecMoyenne"
    share = drivers.get("usage_share", 1.0)
    formula = (
        f"ImpactEquipementPhysique = Quantité({drivers['quantity']}) *"
        f" ConsoElecAnMoyenne({energy}) * MixElectrique({facts.factor * pue}) *"
        f" TauxUtilisation({share})"
    )
    return {
        "formule": formula,
        "consoElecAnMoyenne": {"valeur": energy, value: energy},
        "mixElectrique": _mix(facts),
    }


def _mix(facts: Facts) -> Json:
    """Return the electricity mix, times the PUE where it applies."""
    pue = facts.drivers["pue"]
    applies = pue != 1.0
    return {
        "valeur": facts.factor * pue,
        **({"dataCenterPue": pue} if applies else {}),
        "valeurReferentielMixElectrique": facts.factor,
        "sourceReferentielMixElectrique": facts.source,
        "serveur": applies,
    }


def machine_trace(facts: Facts, *, machines: int) -> str:
    """Return the trace of a virtual machine.

    Parameters
    ----------
    facts
        The line.
    machines
        How many machines its host has.
    """
    share = facts.drivers.get("allocation_share")
    if share is None:  # it declares its own electricity
        formula = (
            "valeurImpactUnitaire ="
            f" equipementVirtuel.consoElecAnnuelle({facts.drivers['annual_energy']}) *"
            f" MixElectrique({facts.factor * facts.drivers['pue']})"
        )
        return _text({"formule": formula, "mixElectrique": _mix(facts)})
    host = facts.impact / share if share else 0.0
    start = f"valeurImpactUnitaire = valeurImpactEquipementPhysique({host})"
    content: Json = {"formule": "", "nbEquipementsVirtuels": machines}
    row = facts.row
    explicit = row.get("allocation_share")
    if explicit is not None:
        content["formule"] = f"{start} * equipementVirtuel.cleRepartition({explicit})"
    elif row.get("kind") == "storage" and row.get("storage"):
        total = _total(row["storage"], share)
        content["formule"] = (
            f"{start} * equipementVirtuel.capaciteStockage({row['storage']}) /"
            f" stockageTotalVirtuel({total})"
        )
        content["stockageTotalVirtuel"] = total
    elif row.get("kind") == "compute" and row.get("vcpu"):
        total = _total(row["vcpu"], share)
        content["formule"] = f"{start} * equipementVirtuel.vCPU({row['vcpu']}) / nbvCPU({total})"
        content["nbTotalVCPU"] = total
    else:
        content["formule"] = f"{start} / nbEquipementsVirtuels({machines})"
    return _text(content)


def _total(part: object, share: float) -> float:
    """Return the sum of which `part` is the share, free of the division's rounding."""
    return round(float(str(part)) / share, 9)


def application_trace(facts: Facts) -> str:
    """Return the trace of an application on a machine."""
    share = facts.drivers.get("application_share", facts.drivers.get("allocation_share", 1.0))
    machine = facts.impact / share if share else 0.0
    start = f"ImpactApplication = ImpactEquipementVirtuel({machine})"
    if facts.row.get("share") is not None:
        return _text({"formule": f"{start} * part({share})"})
    count = round(1.0 / share) if share else 0
    return _text({"formule": f"{start} / nbApplications({count})", "nbApplications": count})


#: Texts of the engine, by stage of use or not, and by the code of the reason.
_ERRORS = {
    (False, "no_factor"): "Référentiel Impact Equipement inconnue",
    (False, "no_items"): "Référentiel Impact Equipement inconnue",
    (False, "no_default"): "Durée de vie de l'équipement inconnue",
    (False, "zero_lifetime"): "Durée de vie de l'équipement inconnue",
    (False, "dates_crossed"): "Durée de vie de l'équipement inconnue : date de retrait"
    " antérieure à la date d'achat",
    (True, "no_default"): "Donnée de consommation electrique manquante : equipementPhysique :"
    " {name}",
}


def error_trace(code: str, text: str, *, use: bool, name: str) -> str:
    """Return the trace of what could not be computed.

    Parameters
    ----------
    code, text
        Why: code and sentence; both empty where the factor gives no value.
    use
        Whether it is the stage of use.
    name
        Name of the item.
    """
    said = _ERRORS.get((use, code), text) if code else _ERRORS[False, "no_factor"]
    return _text({"erreur": f"ErrCalcFonc : {said.replace('{name}', name)}"})
