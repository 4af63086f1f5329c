"""Parquet by a profile: the text of typed cells, rows set aside one by one, a copy without names."""

from pathlib import Path

import pytest

from include.basics.errors import RegistryError
from include.definitions.sites import Dialect
from include.pipeline.formats import reader_of
from tests.pipeline.formats.tables import read, rejected, write
from tests.pipeline.staging.test_stage import parquet

SELECT = (
    "SELECT 'P1' AS \"N° \"\"a\"\"\", 'Dupont' AS Nom, DATE '2024-05-06' AS jour, 62.10 AS v, TRUE AS ok "
    "UNION ALL SELECT 'P2', NULL, NULL, 1, FALSE"
)
NAMES = ('N° "a"', "Nom", "jour", "v", "ok")
CELLS = [("P1", "Dupont", "2024-05-06", "62.10", "true"), ("P2", None, None, "1.00", "false")]


def test_cells_are_text(tmp_path: Path) -> None:
    rows, cells = read("parquet", parquet(tmp_path, SELECT))
    assert (rows.columns, cells, rows.rejected) == (NAMES, CELLS, None)


def test_a_cell_that_cannot_be_kept_sets_its_row_aside(tmp_path: Path) -> None:
    select = (
        f"{SELECT} UNION ALL SELECT repeat('x', 3000), 'a', NULL, 2, TRUE UNION ALL SELECT chr(0), 'b', NULL, 3, NULL"
    )
    file = parquet(tmp_path, select)
    rows, cells = read("parquet", file)
    assert cells == CELLS
    assert [(number, len(text) <= 1000) for number, text in rejected(rows)] == [(3, True), (4, True)]
    assert [cell for _, cell, *_ in read("parquet", file, ("Nom",))[1]] == ["Dupont", None, "a", "b"]


def test_what_is_no_parquet_is_held(tmp_path: Path) -> None:
    with pytest.raises(RegistryError, match="REG-301"):
        read("parquet", write(tmp_path, b"PAR1xPAR1", "a.parquet"))


def test_numbers_that_the_engine_would_read_as_others_hold_the_file(tmp_path: Path) -> None:
    """Written by pyarrow as decimal256(50, 2): 1.10 came as 18454937.6."""
    wide = (Path(__file__).parent / "parquets" / "wide_decimal.parquet").read_bytes()
    with pytest.raises(RegistryError, match="more than 38 digits"):
        read("parquet", write(tmp_path, wide, "a.parquet"))


def test_a_copy_lacks_personal_cells_and_reads_the_same(tmp_path: Path) -> None:
    file, target = parquet(tmp_path, SELECT), tmp_path / "kept.parquet"
    with pytest.raises(RegistryError, match="REG-218"):
        reader_of("parquet").without_personal(file, target, ("Prénom",), Dialect())
    assert reader_of("parquet").without_personal(file, target, ("Nom",), Dialect())
    assert b"Dupont" not in target.read_bytes()
    rows, cells = read("parquet", target)
    assert (rows.columns, cells) == (NAMES, [(first, None, *rest) for first, _, *rest in CELLS])
