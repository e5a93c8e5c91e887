"""The pack `base-impacts`: ADEME's Base IMPACTS and NegaOctet, from an installed `boaviztapi`.

Their terms do not allow us to hand the figures on, and `boaviztapi` is AGPL-3.0: nothing of either
is in reen.  On first use of its content the pack finds the two data files of the package installed
beside it and reads them, without importing any of its code; where it is not installed, the error
says how to install it.  `base_impacts_tables` knows the files; only public names of `reen` here.
"""

from __future__ import annotations

import functools
import importlib.metadata
import importlib.util
from pathlib import Path

from reen.errors import MissingExtraError
from reen.plugin import FactorPack, Reason
from reen.plugin.packs import PackContent

__all__ = ["NAME", "base_impacts_pack"]

NAME = "base-impacts"
PACKAGE = "boaviztapi"
EXTRA = "boavizta"

#: Version of the pack where the package is missing: it is that of the package.
NOT_INSTALLED = "not installed"

LICENCE = (
    "ADEME Base IMPACTS terms of use (2013, extended 2018), not an open licence; the copy read is"
    " that of boaviztapi, AGPL-3.0"
)
_NOTES = """
Nothing of this pack is in reen: it is read at run time from the installed package boaviztapi,
which is AGPL-3.0 (pip install '.[boavizta]', outside reen[all]). Its version is that of the
package. Ask ADEME before you publish the figures themselves.
Devices: 14 rows, 20 criteria, everything but use in one figure (stage "embedded"). Of the personal
and the professional row of a type, the professional one answers for it; that of desktops repeats
the personal one in the source.
Negative figures (freshwater eutrophication, land use and water use of every device, some others)
are published so: they hold credits of the end of life. A total of such a criterion is never shown
as a lower bound. Water use is kept, so that the figures are those that other tools show, and is not
to be relied on: ADEME's own 'bdd numérique' has it positive and calls its end of life unreliable.
Ionising radiation is in kBq U-235 eq, as in the Environmental Footprint; the documentation of
BoaviztAPI prints kg.
Electricity: the 15 criteria of Base IMPACTS by country, data of 2011, not tied to a year; prefer a
pack of the right year for climate change. The newer climate figures of the same file (an article
of 2022 for 2019, Ember for 2020) and the primary energy that BoaviztAPI derives are not of this
base and are left out.
Zeros of the mixes are taken as not published: biogenic and land-use climate change and land use
everywhere, ozone depletion in most countries, particulate matter in two. Acidification is left out
for Czechia, printed 1,800 times the median, and for the World and Europe aggregates, most likely
contaminated by it. Ecotoxicity, both human toxicities, water use and material input have no figure
for electricity. A use stage without a figure is incomplete, never zero.
Europe (EEE) and the obsolete codes of Serbia and Montenegro (SCG) and of the Netherlands Antilles
(ANT) are found by their identifiers only.
"""
_NOTES_FR = """
Rien de ce jeu n'est dans reen : il se lit à l'exécution dans le paquet boaviztapi installé, qui est
sous AGPL-3.0 (pip install 'reen[boavizta]', hors de reen[all]). Sa version est celle du paquet.
Demandez à l'ADEME avant de publier les chiffres eux-mêmes. Appareils : 14 lignes, 20 critères, tout
sauf l'utilisation en un chiffre (étape « embedded »). De la ligne personnelle et de la ligne
professionnelle d'un type, c'est la professionnelle qui vaut ; celle des ordinateurs fixes répète la
personnelle dans la source. Des chiffres négatifs (eutrophisation des eaux douces, usage des sols et
de l'eau de chaque appareil, quelques autres) sont publiés ainsi : ils contiennent des crédits de
fin de vie. Un total d'un tel critère n'est jamais donné comme un minimum. L'eau est gardée pour que
les chiffres soient ceux des autres outils ; il ne faut pas s'y fier : « bdd numérique » de l'ADEME
l'a positive et dit sa fin de vie peu fiable. Les rayonnements ionisants sont en kBq U-235 éq.,
comme dans l'empreinte environnementale européenne ; la documentation de BoaviztAPI imprime kg.
Électricité : les 15 critères de la Base IMPACTS par pays, données de 2011, sans année ; préférez un
jeu de la bonne année pour le changement climatique. Les chiffres climatiques plus récents du même
fichier (un article de 2022 pour 2019, Ember pour 2020) et l'énergie primaire que BoaviztAPI en
déduit ne sont pas de cette base et sont laissés de côté. Les zéros des mix valent « non publié » :
changement climatique biogénique et des sols et usage des sols partout, ozone dans la plupart des
pays, particules dans deux. L'acidification est écartée pour la Tchéquie, imprimée 1 800 fois la
médiane, et pour les agrégats Monde et Europe, sans doute contaminés par elle. L'écotoxicité, les
deux toxicités humaines, l'eau et la matière n'ont pas de chiffre pour l'électricité. Une
utilisation sans chiffre est incomplète, jamais nulle. L'Europe (EEE) et les anciens codes de
Serbie-et-Monténégro (SCG) et des Antilles néerlandaises (ANT) ne se trouvent que par leur
identifiant.
"""


def __getattr__(name: str) -> FactorPack:
    """Return the pack, which is deferred as an attribute of this module."""
    if name != "PACK":
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return base_impacts_pack()


def base_impacts_pack() -> FactorPack:
    """Return the pack; the files are looked for and read on first use of its content."""
    version = _version()
    return FactorPack(
        name=NAME,
        version=version or NOT_INSTALLED,
        title="ADEME Base IMPACTS and NegaOctet: devices and electricity mixes, many criteria",
        publisher="ADEME; NegaOctet consortium",
        licence=LICENCE,
        source=f"ADEME Base IMPACTS / NegaOctet, in the package {PACKAGE} {version}".strip(),
        url="https://base-empreinte.ademe.fr/",
        description=(
            "14 devices by 20 criteria without use, and electricity by country by up to 15,"
            " read at run time from the installed AGPL-3.0 package boaviztapi."
        ),
        notes=_NOTES,
        title_fr="Base IMPACTS (ADEME) et NegaOctet : appareils, mix électriques, multicritère",
        description_fr=(
            "14 appareils selon 20 critères, sans l'utilisation, et l'électricité par pays selon 15"
            " critères au plus, lus à l'exécution dans le paquet boaviztapi (AGPL-3.0) installé."
        ),
        notes_fr=_NOTES_FR,
        load=functools.partial(_read, version),
    )


def _version() -> str:
    """Return the version of the installed package, empty when there is none."""
    try:
        return importlib.metadata.version(PACKAGE)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _read(version: str) -> PackContent:
    """Read the content of the pack.

    Raises
    ------
    MissingExtraError
        The package is not installed.
    FileFormatError, FactorDataError
        Its files are not those that we know.
    """
    from reen_plugins.base_impacts.tables import device_rows, mix_rows

    folder = _folder(version)
    return FactorPack.from_rows(
        name=NAME,
        version=version,
        title=NAME,
        publisher="ADEME",
        licence=LICENCE,
        source=PACKAGE,
        factors=[*device_rows(folder, version=version), *mix_rows(folder, version=version)],
    ).content


def _folder(version: str) -> Path:
    """Return the folder of the data files of the installed package, without importing it.

    `importlib.resources` would run the package's own code, which reads settings and files.
    """
    spec = importlib.util.find_spec(PACKAGE) if version else None
    if spec is None or not spec.submodule_search_locations:
        raise MissingExtraError(
            PACKAGE,
            EXTRA,
            Reason("error_factor_pack_whose_figures_are_not", name=NAME),
        )
    return Path(spec.submodule_search_locations[0]) / "data" / "crowdsourcing"
