import pickle

from reen.vocabulary.stages import EMBEDDED_STAGES, Stage


def test_the_closed_list_in_order() -> None:
    assert [str(stage) for stage in Stage] == [
        "manufacturing",
        "distribution",
        "use",
        "end_of_life",
        "embedded",
        "unspecified",
    ]


def test_every_stage_has_titles_of_its_own() -> None:
    for titles in ({s.title_en for s in Stage}, {s.title_fr for s in Stage}):
        assert len(titles) == len(Stage)
        assert all(titles)
    assert Stage.END_OF_LIFE.title_fr == "Fin de vie"
    assert Stage.USE.title_en == "Use"


def test_embedded_is_all_but_use() -> None:
    coarse = {Stage.EMBEDDED, Stage.UNSPECIFIED}
    assert set(EMBEDDED_STAGES) == set(Stage) - coarse - {Stage.USE}


def test_a_stage_is_its_text_and_survives_pickling() -> None:
    assert Stage("use") is Stage.USE
    assert str(Stage.USE) == "use"
    assert pickle.loads(pickle.dumps(Stage.USE)) is Stage.USE  # noqa: S301 - our own bytes
