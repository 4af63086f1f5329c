"""Which records in quarantine a decision is about."""

from dataclasses import asdict, dataclass

from include.warehouse import Warehouse


@dataclass(frozen=True)
class Selection:
    """Records that have all of what is given here; `rule_id` is one of the rules that they failed."""

    load_id: str | None = None
    row_number: int | None = None
    site: str | None = None
    source: str | None = None
    feed: str | None = None
    rule_id: str | None = None
    record_key: str | None = None
    state: str | None = None

    @property
    def is_everything(self) -> bool:
        """Whether nothing but a state narrows it."""
        return not any(value is not None for name, value in asdict(self).items() if name != "state")


def choose(warehouse: Warehouse, selection: Selection, states: tuple[str, ...]) -> int:
    """Make the temporary table `chosen_record` of the selected records in these states; how many they are."""
    wanted = {**asdict(selection), "states": list(states)}
    with warehouse.transaction():
        warehouse.replace_temporary("chosen_record", "decisions/chosen_record", **wanted)
    return int(warehouse.scalar("SELECT COUNT(*) FROM chosen_record"))
