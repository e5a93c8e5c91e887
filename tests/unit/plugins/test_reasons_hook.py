"""The hook `reen_reasons`: what a reason says in the words of a plugin, and what is refused.

Sentences are added for the whole process, so that each test has codes of its own.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from types import SimpleNamespace

import pytest

import reen
from reen.plugin import Assumption, Reason, Registry, hookimpl
from reen.reasons.sentences import Sentences, added_by, parameters_of


def plugin(returned: object, name: str = "theirs") -> object:
    """Return a plugin with the hook."""

    @hookimpl
    def reen_reasons() -> object:
        return returned

    return SimpleNamespace(reen_reasons=reen_reasons, __name__=name)


def load(*plugins: object) -> Registry:
    return reen.load_plugins(only=(), extra=plugins)


def test_a_plugin_brings_sentences() -> None:
    """Of a reason and of an assumption; without a French one, the English one is written."""
    registry = load(
        plugin(
            {
                "test_no_cell": {"en": "no cell of {size} Ah", "fr": "pas de pile de {size} Ah"},
                "test_worn": {"en": "taken as worn"},
            }
        )
    )
    assert list(registry.reasons) == ["test_no_cell", "test_worn"]
    assert registry.origins["reason", "test_worn"].name == "theirs"
    reason = Reason("test_no_cell", size=2.5)
    assert (str(reason), reason.text("fr")) == ("no cell of 2.5 Ah", "pas de pile de 2,5 Ah")
    taken = Assumption("test_worn", parameter="lifetime", pack="mine")
    assert str(taken) == "lifetime: taken as worn (mine)"
    assert taken.text("fr") == "durée de vie : taken as worn (mine)"


def test_a_code_that_nobody_described_is_written_as_it_is() -> None:
    """Never an error: a stored result outlives the plugin that made it."""
    assert Reason("test_unheard_of", size=2).text("fr") == "test_unheard_of (size=2)"


def test_the_same_sentences_are_no_conflict() -> None:
    """The same plugin in another registry; two plugins that agree; reen's own, repeated."""
    said = {"test_same": {"en": "the same"}, "total": {"en": str(Reason("total"))}}
    said["total"]["fr"] = Reason("total").text("fr")
    assert load(plugin(said)).reasons == load(plugin(said)).reasons
    both = load(plugin(said, "one"), plugin(said, "two"))
    assert both.origins["reason", "test_same"].name == "one"


def test_other_sentences_for_a_code_are_refused() -> None:
    """Of reen, or of a plugin that came first, which keeps its own."""
    with pytest.raises(reen.errors.PluginError, match="'missing' other sentences than reen does"):
        load(plugin({"missing": {"en": "gone"}}))
    first, other = {"test_other": {"en": "one"}}, {"test_other": {"en": "another"}}
    with pytest.raises(reen.errors.PluginError) as caught:
        load(plugin(first, "one"), plugin(other, "two"))
    assert str(caught.value) == (
        "two: gives the code 'test_other' other sentences than one does; rename the code"
    )
    assert str(Reason("test_other")) == "one"


@pytest.mark.parametrize(
    ("returned", "said"),
    [
        (["test_list"], "instead of sentences by code and language"),
        ({"Test": {"en": "x"}}, "'Test' is no code: expected snake_case"),
        ({"test_text": "x"}, "is no mapping of languages to sentences"),
        ({"test_french": {"fr": "x"}}, "has no sentence in English"),
        ({"test_german": {"en": "x", "de": "x"}}, "has a sentence in 'de'"),
        ({"test_blank": {"en": " "}}, "expected text"),
        ({"test_none": {"en": None}}, "expected text"),
        ({"test_brace": {"en": "{size"}}, "cannot be filled in"),
        ({"test_form": {"en": "{size:.3f}"}}, "cannot be filled in: {size:.3f}"),
        ({"test_attribute": {"en": "{size.real}"}}, "cannot be filled in: {size.real:}"),
        ({"test_differ": {"en": "{a}", "fr": "{b}"}}, "speak of different parameters"),
    ],
)
def test_what_is_no_sentence_is_refused(returned: object, said: str) -> None:
    """When the plugin is loaded, not when a page is written."""
    with pytest.raises(reen.errors.PluginError) as caught:
        load(plugin(returned))
    assert said in str(caught.value)
    assert str(caught.value).startswith("theirs: ")


@pytest.mark.parametrize(
    "form", ["", ":year", ":parameter", ":parameters", ":status", ":unit", ":value", "!r"]
)
def test_every_form_that_is_admitted_can_be_written(form: str) -> None:
    """Whatever the detail is."""
    sentences = Sentences("test_forms", {"en": f"<{{size{form}}}>"})
    assert parameters_of(sentences.template("en")) == {"size"}
    code = f"test_form_{abs(hash(form))}"
    load(plugin({code: {"en": f"<{{size{form}}}>"}}))
    for size in (2, 2.5, "x", Reason("total")):
        assert str(Reason(code, size=size)).startswith("<")


@pytest.mark.slow
def test_another_process_knows_the_sentences_of_a_registry() -> None:
    """A registry that comes from elsewhere brings them: the plugin is not loaded there."""
    registry = load(plugin({"test_pickled": {"en": "from {place}"}}))
    program = (
        "import pickle, sys, reen;"
        " registry = pickle.loads(sys.stdin.buffer.read());"
        " print(reen.plugin.Reason('test_pickled', place='elsewhere'))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program],
        input=pickle.dumps(registry),
        capture_output=True,
        check=True,
    )
    assert run.stdout.decode().strip() == "from elsewhere"


def test_the_table_of_the_process_says_who_gave_a_code() -> None:
    load(plugin({"test_owner": {"en": "x"}}, "someone"))
    assert added_by("test_owner") == (Sentences("test_owner", {"en": "x"}), "someone")
    assert added_by("test_owner_of_nothing") is None
