"""YAML files are read as YAML, but for a key that is there twice."""

from pathlib import Path

import pytest
import yaml

from include.definitions.described import read_yaml

MERGED = """
base: &base {unit: mg, low: 1}
outer:
  middle:
    inner: &inner
      <<: *base
      low: 2
later:
  <<: *inner
  high: 3
again:
  <<: [*inner, *base]
"""


def written(folder: Path, text: str) -> Path:
    """A file of some text."""
    file = folder / "file.yml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_key_may_take_the_place_of_one_that_is_merged(tmp_path: Path) -> None:
    content = read_yaml(written(tmp_path, MERGED))

    assert content["outer"]["middle"]["inner"] == content["again"] == {"unit": "mg", "low": 2}
    assert content["later"] == {"unit": "mg", "low": 2, "high": 3}


@pytest.mark.parametrize(
    "text",
    [
        "low: 1\nlow: 2",
        "base: &base {low: 1, low: 2}\nlater: {<<: *base}",
        "base: &base {low: 1}\nlater: {<<: *base, <<: *base}",
    ],
    ids=["plain", "merged", "two merges"],
)
def test_a_key_that_is_there_twice_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(yaml.YAMLError, match="is there twice"):
        read_yaml(written(tmp_path, text))
