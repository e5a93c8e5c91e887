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
        What was taken for granted, as ``parameter: rule``.
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
    assumptions: tuple[str, ...]
    row: Mapping[str, object]
    real_lifetime: bool
    as_of: str

    def assumed(self, parameter: str) -> str:
        """Return the rule taken for a parameter, empty when it was not assumed."""
        for text in self.assumptions:
            if text.startswith(f"{parameter}: "):
                return text.removeprefix(f"{parameter}: ")
        return ""


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


def _lifetime(facts: Facts, years: float) -> Json:
    """Return how the lifetime was obtained."""
    rule = facts.assumed("lifetime")
    if rule and not rule.startswith("raised"):
        key = "valeurEquipementDureeVieDefaut" if "type" in rule else "valeurReferentielHypothese"
        return {"valeurRetenue": years, "dureeDeVieParDefaut": {"valeur": years, key: years}}
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
        found["plancher"] = rule
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


#: Texts of the engine, by the reason that reen gives for leaving a row out.
_ERRORS = {
    "unknown reference for the equipment": "Référentiel Impact Equipement inconnue",
    "no value of the reference": "Référentiel Impact Equipement inconnue",
    "lifetime cannot be determined": "Durée de vie de l'équipement inconnue",
    "retirement before purchase": "Durée de vie de l'équipement inconnue : date de retrait"
    " antérieure à la date d'achat",
}


def error_trace(reason: str, *, name: str) -> str:
    """Return the trace of what could not be computed.

    Parameters
    ----------
    reason
        Why, as reen says it.
    name
        Name of the item.
    """
    if reason == "electricity consumption missing":
        text = f"Donnée de consommation electrique manquante : equipementPhysique : {name}"
    else:
        text = _ERRORS.get(reason, reason)
    return _text({"erreur": f"ErrCalcFonc : {text}"})
