import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import reen.vocabulary
from reen.vocabulary.compact import word_forms
from reen.vocabulary.countries import country_words
from reen.vocabulary.lookup import (
    WORD_FORMS,
    VocabularyError,
    WordIndex,
    bundled_text,
    split_words,
    word_form,
)
from reen.vocabulary.text import fold_plurals, normalise


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("Écran", "ecran"),
        ("  PC\u00a0 Fixe\t", "pc fixe"),  # no-break space, tab
        ("PC\u202ffixe", "pc fixe"),  # narrow no-break space
        ("Station d\u2019accueil", "station d accueil"),  # typographic apostrophe
        ("Wi-Fi™", "wi fi"),
        ("ﬁxe", "fixe"),  # ligature
        ("ＰＣ", "pc"),  # noqa: RUF001 - full-width letters
        ("m²", "m2"),
        ("Cœur de réseau", "coeur de reseau"),
        ("STRASSE", normalise("straße")),
        ("Færøerne", "faeroerne"),
        ("e\u0301cran", "ecran"),  # decomposed accent
        ("é\u00adcran\ufeff", "ecran"),  # soft hyphen, byte order mark
        ("N° de série", "no de serie"),
        ("Nº de série", "no de serie"),
        ("24°", "24"),
        ("C/E/S", "c e s"),
        ("wifi_access_point", "wifi access point"),
        ('24"', "24"),
        ("?!", ""),
        ("", ""),
    ],
)
def test_normalise(written: str, form: str) -> None:
    assert normalise(written) == form


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert once == " ".join(once.split())


@pytest.mark.parametrize(
    ("singular", "plural"),
    [
        ("écran", "écrans"),
        ("PC portable", "PC portables"),
        ("tableau numérique", "tableaux numériques"),
        ("terminal", "terminaux"),
        ("console de jeu", "consoles de jeux"),
        ("réseau", "réseaux"),
        ("lieu", "lieux"),
        ("switch", "switches"),
        ("box", "boxes"),
        ("affiche", "affiches"),
        ("PC fixe", "PC fixes"),
        ("caisse", "caisses"),
        ("access", "accesses"),
        ("accessory", "accessories"),
        ("batterie", "batteries"),
        ("battery", "batteries"),
        ("série", "séries"),
        ("clé USB", "clés USB"),
        ("souris", "souris"),
    ],
)
def test_a_plural_meets_its_singular(singular: str, plural: str) -> None:
    assert word_form(singular) == word_form(plural)


@pytest.mark.parametrize("word", ["ups", "nas", "gps", "os", "access", "wireless", "tableau"])
def test_words_that_are_no_plurals_stay(word: str) -> None:
    assert fold_plurals(word) == word


@given(st.text())
def test_folding_keeps_words_apart(text: str) -> None:
    assert len(fold_plurals(normalise(text)).split()) == len(normalise(text).split())


def test_a_word_of_two_keys_is_refused_under_any_spelling() -> None:
    with pytest.raises(VocabularyError, match=r"^pets: 'CHATS' names both 'cat' and 'feline'") as e:
        WordIndex.of("pets", [("cat", ["chat"]), ("feline", ["CHATS"])])
    assert (e.value.vocabulary, e.value.word) == ("pets", "CHATS")


def test_a_key_declared_twice_is_refused() -> None:
    with pytest.raises(VocabularyError, match="'cat' is declared twice"):
        WordIndex.of("pets", [("cat", []), ("cat", ["chat"])])


def test_a_word_without_letter_or_digit_names_nothing() -> None:
    index = WordIndex.of("pets", [("cat", ["?"]), ("dog", ["?", ""])])
    assert index.get("?") is None
    assert index.get("") is None


def test_the_error_survives_pickling() -> None:
    error = VocabularyError("pets", "chat", "names two.")
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert (str(copy), copy.args) == ("pets: 'chat' names two.", error.args)
    assert isinstance(copy, ValueError)


def test_the_forms_of_bundled_words_are_those_of_their_tables() -> None:
    """Mend with: python -m reen.vocabulary.compact > src/reen/vocabulary/data/word_forms.txt."""
    path = Path(reen.vocabulary.__file__).parent / "data" / WORD_FORMS
    assert path.read_bytes() == word_forms().encode()


def test_forms_worked_out_beforehand_are_those_of_the_words_themselves() -> None:
    """Of the words as they are shipped, and of the same in another order, which are indexed."""
    entries = country_words()
    shipped, indexed = WordIndex.of("countries", entries), WordIndex.of("x", entries[::-1])
    assert entries != entries[::-1]
    assert dict(shipped.items()) == dict(indexed.items())
    assert list(shipped.items()) != list(indexed.items())


def test_a_bundled_file_that_is_not_there_is_an_error() -> None:
    with pytest.raises(FileNotFoundError, match=r"none\.csv"):
        bundled_text("reen.vocabulary", "none.csv")


def test_split_words_drops_blanks() -> None:
    assert split_words(" a b ;; c ;") == ("a b", "c")
    assert split_words("") == ()


@given(text=st.text(st.characters(max_codepoint=127), max_size=30))
def test_text_without_accents_takes_a_short_way_to_the_same_form(text: str) -> None:
    """With an accented word after it, the long way is taken: the words before it are the same."""
    assert normalise(f"{text} é").split() == [*normalise(text).split(), "e"]


@given(text=st.text(st.characters(max_codepoint=0x17F), max_size=12))
def test_accented_text_takes_a_short_way_to_the_same_form(text: str) -> None:
    """With a letter after it that is no other one with a mark, the long way is taken."""
    assert normalise(f"{text} ß").split() == [*normalise(text).split(), "ss"]
