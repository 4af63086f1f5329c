"""Checks the profiles of sites: one file a hospital, of its name, with the code lists that it names."""

import re
from collections.abc import Collection, Iterator
from pathlib import Path

from include.basics.quoting import literal
from include.basics.trimming import trimmed
from include.definitions import contracts
from include.definitions.checking.codes import check_codes
from include.definitions.checking.problem import Problem, name_of
from include.definitions.checking.reading import fit, parse
from include.definitions.checking.site_limits import check_limits
from include.definitions.described import read_text_yaml
from include.definitions.sites import Column, Dialect, Export, Site, Taken
from include.definitions.sites.dialect import EITHER

NAME = re.compile(r"[A-Za-z0-9_-]+")
POINTED = ("parquet", "dataset_json", "fhir_ndjson", "fhir_bundle", "dicom_sr")
"""Formats that keep numbers as numbers, and of which no reader writes them otherwise."""
BOTH = "is a decimal sign, too: a mark is one or the other"
UNDECIDED = "?"
"""What a draft calls a feed, and columns, of which a person has to say what they are: the check refuses it."""
RESERVED = ("decisions", "examples")
"""The folder of the journal in the landing area, and that of example profiles."""


def check_sites(folder: Path, sources: Collection[str]) -> tuple[dict[str, Site], list[Problem]]:
    """The profiles in which nothing is wrong, by site, and what is wrong with the others; `sources` are no sites."""
    if not folder.is_dir():
        return {}, [Problem(str(folder), "", "", "is no folder: correct SITES")]
    good: dict[str, Site] = {}
    problems: list[Problem] = []
    for file in sorted(folder.iterdir()):
        if file.suffix in (".yml", ".yaml"):
            profile, wrong = _check(file, sources)
            wrong += _twice(file, profile, good) if profile else []
            problems += wrong
            if profile and not wrong:
                good[profile.site] = profile
    return good, problems


def check_profile(file: Path, sources: Collection[str] = ()) -> tuple[Site | None, list[Problem]]:
    """One profile wherever it lies, None when it cannot be read, and what is wrong with it."""
    profile, wrong = read_profile(file)
    if profile is None:
        return None, wrong
    found = [
        *_against_name(profile.site, file, sources),
        *_of_exports(profile),
        *_of_changes(profile),
        *_of_lists(profile, file),
    ]
    return profile, found


def read_profile(file: Path) -> tuple[Site | None, list[Problem]]:
    """A profile that fits the schema, whatever else is wrong with it, else None and why."""
    content, wrong = parse(file, read_text_yaml)
    return (None, wrong) if wrong else fit(Site, content, file)


def _check(file: Path, sources: Collection[str]) -> tuple[Site | None, list[Problem]]:
    if file.suffix == ".yaml":
        return None, [Problem(name_of(file), "", "", f"is read by nobody: call it {file.stem}.yml")]
    return check_profile(file, sources)


def _against_name(site: str, file: Path, sources: Collection[str]) -> list[Problem]:
    """What speaks against a site's name, which becomes a folder and the first part of ids."""
    said = [] if site == file.stem else [f"has to be {file.stem}, the file's name"]
    taken = (*sources, *RESERVED)
    if not NAME.fullmatch(site):
        said.append("has other characters than letters, digits, - and _")
    elif site in taken:
        said.append(f"is taken: no site is called {', '.join(taken)}")
    return [Problem(name_of(file), "", "site", one) for one in said]


def _of_exports(profile: Site) -> Iterator[Problem]:
    file = f"sites/{profile.site}.yml"
    for export in profile.exports:
        entry = f"export {export.title}"
        for feed, taken in export.taken.items():
            yield from _of_columns(file, entry, feed, taken)
            personal = {name for one in profile.of_same_files(export) for name in one.personal}
            yield from _of_personal(file, entry, feed, taken, personal)
        yield from _of_numbers(file, entry, export)
        yield from _of_sheets(file, entry, export, profile)
        yield from _of_lines(file, entry, export)
        for one in (*export.dates.date, *export.dates.timestamp):
            if not _runs(f"TRY_STRPTIME('', {literal(one)})"):
                yield Problem(file, entry, "dates", f"{one} is no format of dates")


def _of_changes(profile: Site) -> Iterator[Problem]:
    """Changed columns that no contract has, and those that are told twice."""
    told: set[tuple[str, str]] = set()
    for one in profile.changed_columns:
        place, name = (f"sites/{profile.site}.yml", "changed_columns"), f"{one.feed}.{one.column}"
        if one.feed not in contracts.FEEDS or one.column not in contracts.read(one.feed).names:
            yield Problem(*place, name, "is no column of a feed")
        elif (one.feed, one.column) in told:
            yield Problem(*place, name, "is told twice: keep the latest day")
        told.add((one.feed, one.column))


def _of_columns(file: str, entry: str, feed: str, taken: Taken) -> Iterator[Problem]:
    contract = contracts.read(feed)
    for name, column in taken.columns.items():
        if name == UNDECIDED:
            told = f"{', '.join(column.sources)}: nobody said what they are; name each in columns, personal or ignored"
            yield Problem(file, entry, f"{feed}.{name}", told)
        elif name not in contract.names:
            yield Problem(file, entry, f"{feed}.{name}", f"is no column of {feed}")
        for key, origin in (("", column), *((f".{key}", one) for key, one in column.beside.items())):
            if origin.match and not _has_group(origin.match):
                yield Problem(
                    file, entry, f"{feed}.{name}{key}.match", "is no regular expression of RE2 with one group"
                )
        yield from _of_unit(file, entry, f"{feed}.{name}.unit", name, column)
    for key in ("where", "unless"):
        for name, texts in getattr(taken.rows, key).items():
            if texts.match and not _is_expression(texts.match):
                yield Problem(file, entry, f"{feed}.rows.{key}.{name}", "is no regular expression of RE2")


def _of_unit(file: str, entry: str, key: str, name: str, column: Column) -> Iterator[Problem]:
    """A unit that nothing is converted from, or of a column that has none."""
    from include.pipeline.formats.quantities import factors, unit_of

    if column.unit is None:
        return
    wanted = unit_of(name)
    if wanted is None:
        yield Problem(file, entry, key, "is of a column that has no unit in the contract")
        return
    known = factors(wanted)
    for said in filter(None, (column.unit.value, *column.unit.map.values())):
        if said not in known:
            yield Problem(file, entry, key, f"{said} is none of {', '.join(known)}")


def _of_sheets(file: str, entry: str, export: Export, profile: Site) -> Iterator[Problem]:
    """Another sheet for a feed that the workbook is read for already: it would be read by nobody."""
    for other in profile.exports[: profile.exports.index(export)]:
        shared = sorted(export.taken.keys() & other.taken.keys())
        if export.files and export.files == other.files and export.dialect.sheet != other.dialect.sheet and shared:
            yield Problem(
                file, entry, "dialect.sheet", f"is not read: {other.title} takes the same files for {', '.join(shared)}"
            )


def _of_lines(file: str, entry: str, export: Export) -> Iterator[Problem]:
    if export.dialect.ignored_lines and export.format != "csv":
        yield Problem(file, entry, "dialect.ignored_lines", "is for csv: choose rows of other formats by unless")
    if export.dialect.names != "name" and export.format != "xpt":
        yield Problem(file, entry, "dialect.names", "is for xpt: columns of other formats have names alone")


def _of_numbers(file: str, entry: str, export: Export) -> Iterator[Problem]:
    if export.format in POINTED and (export.dialect.decimal != "." or "." in export.dialect.group):
        yield Problem(
            file, entry, "dialect", f"has another decimal sign than the point, which numbers of {export.format} have"
        )
    if _is_both(export.dialect):
        yield Problem(file, entry, "dialect.group", BOTH)
    for feed, taken in export.taken.items():
        for name, column in taken.columns.items():
            if _is_both(column):
                yield Problem(file, entry, f"{feed}.{name}.group", BOTH)
            if column.group is not None and column.decimal is None:
                yield Problem(file, entry, f"{feed}.{name}", "has group marks and no decimal sign of its own")
            if column.decimal and export.format != "csv":
                yield Problem(
                    file, entry, f"{feed}.{name}.decimal", "is for csv: other formats write numbers in one way"
                )


def _is_both(numbers: Dialect | Column) -> bool:
    """Whether a mark stands between thousands where both marks are decimal signs."""
    return numbers.decimal == EITHER and bool({*EITHER} & {*(numbers.group or "")})


def _of_personal(file: str, entry: str, feed: str, taken: Taken, personal: Collection[str]) -> Iterator[Problem]:
    """What is emptied at the copy can tell nothing later."""
    emptied = {trimmed(one).casefold() for one in personal}
    for where, columns in (("rows", taken.rows.needed), *((name, one.read) for name, one in taken.columns.items())):
        for column in columns:
            if trimmed(column).casefold() in emptied:
                yield Problem(
                    file, entry, f"{feed}.{where}", f"{column} is personal: it is empty in the copy that is read"
                )


def _is_expression(text: str) -> bool:
    return _runs(f"regexp_matches('', {literal(text)})")


def _has_group(expression: str) -> bool:
    one, two = (f"regexp_extract('', {literal(expression)}, {names})" for names in ("['a']", "['a', 'b']"))
    return _runs(one) and not _runs(two)


def _runs(expression: str) -> bool:
    """Whether DuckDB, which applies it, can read what a profile says."""
    import duckdb  # here: whoever has no profile does without

    try:
        duckdb.sql(f"SELECT {expression}").fetchall()
    except duckdb.Error:
        return False
    return True


def _of_lists(profile: Site, file: Path) -> Iterator[Problem]:
    checks = [(name, check_codes) for name in sorted(lists_of(profile))]
    for name, check in [*checks, *([(profile.limits, check_limits)] if profile.limits else [])]:
        if Path(name).name != name:
            yield Problem(name_of(file), "", name, "is no name of a file")
        else:
            yield from check(file.parent / file.stem / name)[1]


def lists_of(profile: Site) -> set[str]:
    """The code lists that a profile names."""
    taken = [one for export in profile.exports for one in export.taken.values()]
    return {column.codes for one in taken for column in one.columns.values() if column.codes}


def _twice(file: Path, profile: Site, good: dict[str, Site]) -> list[Problem]:
    """Two profiles of one site: folders and ids that differ in case alone would be taken for one another."""
    other = next((site for site in good if site.lower() == profile.site.lower()), None)
    return [Problem(name_of(file), "", "site", f"{other}.yml is a profile of it already: keep one")] if other else []
