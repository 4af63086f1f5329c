"""Merges make a forest, whatever they say: each id has one end, and nothing is refused without a reason."""

from hypothesis import given, settings
from hypothesis import strategies as st

from include.pipeline.resolving.merges import Merge, ends, refused

ids = st.sampled_from("ABCDE")
merges = st.builds(
    lambda key, merged, surviving, undone: Merge(key, None if undone else merged, None if undone else surviving),
    st.sampled_from(["M1", "M2", "M3", "M4"]),
    ids,
    ids,
    st.sampled_from([False, False, False, True]),
).filter(lambda merge: merge.merged is None or merge.merged != merge.surviving)


def held(versions: list[Merge]) -> dict[str, Merge]:
    """What each key says in the end: its last version that is not refused."""
    problems = refused(versions)
    last = {merge.key: merge for place, merge in enumerate(versions) if place not in problems}
    return {key: merge for key, merge in last.items() if merge.merged}


def edges(merges: dict[str, Merge]) -> set[tuple[str, str]]:
    """The pairs of ids."""
    return {(merge.merged, merge.surviving) for merge in merges.values() if merge.merged and merge.surviving}


def fits(pairs: set[tuple[str, str]]) -> bool:
    """Whether each id goes over to one other, and none comes back to itself; told without the code's own words."""
    left = dict(pairs)
    if len(left) < len(pairs):
        return False
    while leaves := [merged for merged, surviving in left.items() if surviving not in left]:
        for merged in leaves:
            del left[merged]
    return not left


@settings(max_examples=300, deadline=None, derandomize=True)
@given(versions=st.lists(merges, max_size=9))
def test_what_holds_is_a_forest_and_what_is_refused_does_not_fit_it(versions: list[Merge]) -> None:
    kept, problems = held(versions), refused(versions)
    last = {merge.key: place for place, merge in enumerate(versions) if place not in problems}

    assert fits(edges(kept))
    for place in problems:
        merge = versions[place]
        if last.get(merge.key, -1) < place:
            others = {key: other for key, other in kept.items() if key != merge.key}
            assert not fits(edges(others | {merge.key: merge}))


@settings(max_examples=100, deadline=None, derandomize=True)
@given(versions=st.lists(merges, max_size=9))
def test_every_chain_ends_at_an_id_that_is_merged_into_none(versions: list[Merge]) -> None:
    pairs = edges(held(versions))
    found = ends(pairs)

    assert found.keys() == {merged for merged, _ in pairs}
    for merged, surviving in pairs:
        assert found[merged] == found.get(surviving, surviving)
        assert found[merged] not in found


def test_a_chain_of_a_thousand_ids_is_followed() -> None:
    pairs = [(f"P{number}", f"P{number + 1}") for number in range(1000)]

    assert set(ends(pairs).values()) == {"P1000"}
    assert refused([Merge(merged, merged, surviving) for merged, surviving in pairs]) == {}
    back = [*(Merge(merged, merged, surviving) for merged, surviving in pairs), Merge("back", "P1000", "P0")]
    assert refused(back) == {1000: "closes_cycle"}


def test_a_merge_that_its_department_dates_anew_does_not_give_way_to_one_that_it_refused() -> None:
    there, back = Merge("M1", "A", "B"), Merge("M2", "B", "A")

    assert refused([there, back, there]) == {1: "closes_cycle"}


def test_the_earlier_word_of_a_key_holds_while_its_later_one_is_refused() -> None:
    versions = [Merge("M1", "A", "B"), Merge("M2", "C", "A"), Merge("M1", "A", "C")]

    assert refused(versions) == {2: "closes_cycle"}
    assert edges(held(versions)) == {("A", "B"), ("C", "A")}
    assert refused([*versions, Merge("M2", None, None)]) == {}


def test_two_merges_that_say_the_same_are_no_contradiction_and_each_is_undone_by_itself() -> None:
    twice = [Merge("M1", "A", "B"), Merge("M2", "A", "B"), Merge("M1", None, None), Merge("M3", "A", "C")]

    assert refused(twice) == {3: "has_other_survivor"}
    assert refused([*twice, Merge("M2", None, None)]) == {}
