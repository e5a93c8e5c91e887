"""placeholder of the model pack, replaced when the pack is merged (see branch type)."""

from __future__ import annotations

import attrs


@attrs.frozen
class ModelTypes:
    types: tuple[str, ...] = ()
    family: str = ""


def types_of_model(maker: str, model: str, number: str = "") -> ModelTypes:
    return ModelTypes()
