"""What several feeds of one file say of it together: what none of them names is told once."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from include.definitions.sites import Export
from include.definitions.sites.rows import RowsOf


@dataclass(frozen=True)
class Beside:
    """`columns` are those that any feed names or leaves out. `kinds` are, of each column by which several feeds choose
    their rows, the texts that one of them takes or leaves out, `patterns` the regular expressions of these. `choices`
    are those of all feeds that choose.

    `is_first` = this feed tells which columns nobody names, `is_first_to_choose` which rows nobody takes.
    """

    columns: frozenset[str]
    kinds: Mapping[str, list[str]]
    patterns: Mapping[str, list[str]]
    choices: Sequence[RowsOf]
    is_first: bool
    is_first_to_choose: bool

    @classmethod
    def of(cls, exports: Sequence[Export], own: tuple[str, str]) -> "Beside":
        """What these exports of the same files say to one of their feeds, of which `own` is the title and the name."""
        named_feeds = [((export.title, feed), taken) for export in exports for feed, taken in export.taken.items()]
        feeds = [taken for _, taken in named_feeds]
        left = [name for export in exports for name in (*export.ignored, *export.personal, *export.ignored_rows)]
        named = {*left, *(name for taken in feeds for name in taken.named)}
        chosen = Counter(name for taken in feeds for name in taken.rows.where)
        kinds: dict[str, set[str]] = {name: set() for name, count in chosen.items() if count > 1}
        patterns: dict[str, set[str]] = {name: set() for name in kinds}
        said = [one for taken in feeds for one in (*taken.rows.where.items(), *taken.rows.unless.items())]
        for name, texts in said:
            kinds.get(name, set()).update(texts.words)
            patterns.get(name, set()).update(filter(None, [texts.match]))
        for name, words in (one for export in exports for one in export.ignored_rows.items()):
            kinds.get(name, set()).update(words)
        return cls(
            frozenset(named),
            {name: sorted(words) for name, words in kinds.items()},
            {name: sorted(found) for name, found in patterns.items() if found},
            [taken.rows for taken in feeds if taken.rows.where or taken.rows.unless],
            own == named_feeds[0][0],
            own == next((one for one, taken in named_feeds if taken.rows.where), None),
        )
