"""Where the contract's columns come from."""

from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator

from include.definitions.sites.dialect import Decimal
from include.definitions.sites.strict import Names, Scalar, Shortened


def _constant(given: Any) -> Any:
    """A text alone is the unit itself."""
    return {"value": given} if isinstance(given, str) else given


class Origin(Shortened):
    """Where a text comes from.

    One of: `from` (a column or path of the file, several are joined), `first` (the first that is not empty), `value` (a
    constant). Then `match` keeps what the first group of a regular expression takes, and `map` puts other words in the
    place of the site's.
    """

    short = "from"

    from_: Names = Field(default=[], alias="from")
    first: Names = []
    value: Scalar | None = None
    join: str = " "
    match: str | None = None
    map: dict[str, Scalar] = {}

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        given = [name for name, is_given in self.origins.items() if is_given]
        if len(given) != 1:
            raise ValueError(f"needs one of {', '.join(self.origins)}")
        return self

    @property
    def origins(self) -> dict[str, bool]:
        """The keys that say where it comes from, and whether each is given."""
        return {"from": bool(self.from_), "first": bool(self.first), "value": self.value is not None}

    @property
    def sources(self) -> list[str]:
        """The columns or paths of the file that it is taken from."""
        return [*self.from_, *self.first]


class Column(Origin):
    """Where a column of the contract comes from.

    Beside what every origin has: `first_readable` (the first column that can be read as the contract's type). `unit`
    is the unit that a number without one is in, `comparator` goes before a number that has none. `codes` puts the
    contract's words in the place of the site's by a list, `default` fills what is empty. `decimal` and `group` are
    those of a column whose numbers are written otherwise than the dialect says.
    """

    first_readable: Names = []
    unit: Annotated[Origin, BeforeValidator(_constant)] | None = None
    comparator: Origin | None = None
    codes: str | None = None
    default: Scalar | None = None
    optional: bool = False
    decimal: Decimal | None = None
    group: str | None = None

    @property
    def origins(self) -> dict[str, bool]:
        """The keys that say where it comes from, and whether each is given."""
        return {**super().origins, "first_readable": bool(self.first_readable)}

    @property
    def sources(self) -> list[str]:
        """The columns or paths of the file that it is taken from."""
        return [*super().sources, *self.first_readable]

    @property
    def beside(self) -> dict[str, Origin]:
        """What is taken from the file beside its text, by the key that says so."""
        return {key: one for key in ("unit", "comparator") if (one := getattr(self, key))}

    @property
    def read(self) -> list[str]:
        """All columns or paths of the file that it needs."""
        return [*self.sources, *(name for one in self.beside.values() for name in one.sources)]
