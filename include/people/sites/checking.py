"""Checks profiles further than their schema: with the readers of their formats."""

from collections.abc import Iterator
from pathlib import Path

from include.basics.errors import RegistryError
from include.basics.settings import sites_folder
from include.definitions import contracts
from include.definitions.checking.limit_units import doubts_of
from include.definitions.checking.problem import Problem, name_of
from include.definitions.checking.site_limits import read_limits
from include.definitions.checking.sites import check_sites, read_profile
from include.pipeline.mapping import Plan, Plans


def check_all(site: str | None = None) -> tuple[list[str], list[Problem], list[Problem]]:
    """The sites that were looked at, what is wrong with them, and what is doubtful and not used (REG-220).

    Raises RegistryError REG-311 for an unknown one.
    """
    profiles, problems = check_sites(sites_folder(), contracts.sources())
    names = sorted(profiles if site is None else {site} & profiles.keys())
    if site:
        problems = [one for one in problems if f"/{site}" in one.file or one.file.startswith(f"{site}/")]
    if site and not names and not problems:
        raise RegistryError("REG-311", f"There is no site {site}.")
    plans = Plans({name: profiles[name] for name in names})
    found = [problem for plan in plans.all() for problem in _of_plan(plan)]
    files = [file for file in sorted(sites_folder().glob("*.yml")) if site in (None, file.stem)]
    doubts = [doubt for file in files for doubt in _doubts(file)]
    return names, [*problems, *found], doubts


def _doubts(profile_file: Path) -> Iterator[Problem]:
    """Those of a profile that is wrong, too: whoever mends it is told everything at once."""
    profile, _ = read_profile(profile_file)
    if profile and profile.limits:
        file = profile_file.with_suffix("") / profile.limits
        for line, said in doubts_of(read_limits(file)[0]).items():
            yield Problem(name_of(file), f"line {line}", "", f"{said}; the line is not used", "REG-220")


def _of_plan(plan: Plan) -> Iterator[Problem]:
    file, entry = f"sites/{plan.site.site}.yml", f"export {plan.export.title}"
    feeds = plan.reader.FEEDS
    if feeds and plan.feed not in feeds:
        yield Problem(file, entry, plan.feed, f"does not come in {plan.export.format}: {', '.join(sorted(feeds))} do")
    for field in contracts.read(plan.feed).fields:
        if field.required and field.name not in plan.columns:
            yield Problem(file, entry, f"{plan.feed}.{field.name}", "is required and comes from nowhere")
