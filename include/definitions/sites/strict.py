"""What the parts of a profile share. Every scalar of its file is text: 007 stays 007, and yes stays yes."""

from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, WithJsonSchema, model_validator

ONE_OR_MORE = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}


def _several(given: Any) -> Any:
    return [given] if isinstance(given, str) else given


Scalar = Annotated[str, WithJsonSchema({"type": ["string", "number", "boolean"]})]
"""A text, which YAML may show an editor as something else."""
Names = Annotated[list[str], BeforeValidator(_several), WithJsonSchema(ONE_OR_MORE)]
"""A name, or several."""


class Strict(BaseModel):
    """Refuses keys that nobody knows."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, defer_build=True)


class Shortened(Strict):
    """A text or a list alone is its key `short`."""

    short: ClassVar[str]

    @model_validator(mode="before")
    @classmethod
    def _written_out(cls, given: Any) -> Any:
        return {cls.short: given} if isinstance(given, str | list) else given

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> Any:
        """What an editor is told: the short ways of writing it, too."""
        return {"anyOf": [*ONE_OR_MORE["anyOf"], handler.resolve_ref_schema(handler(schema))]}
