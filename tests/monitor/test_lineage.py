"""What the pages say of where a table comes from, held to what its SELECT reads."""

from include.monitor import lineage


def test_a_mart_names_the_feeds_that_it_rests_on_through_other_tables() -> None:
    assert lineage.made_of("marts.albi") == ["derived.albi"]
    assert lineage.origins("marts.albi")[:3] == ["clinical.patients", "clinical.visits", "clinical.procedures"]
    assert "clinical.lesions" not in lineage.origins("marts.albi")
    assert lineage.between("marts.albi") == ["derived.treatment_session", "derived.session_component", "derived.albi"]


def test_a_table_names_what_is_made_of_it() -> None:
    assert lineage.used_by("derived.worst_grade") == ["marts.toxicity_worst"]


def test_every_table_is_drawn_once_with_a_line_to_each_neighbour_and_no_box_on_another() -> None:
    for table in lineage.tables():
        drawing = lineage.drawing(table)
        places = {(box.x, box.y) for box in drawing.boxes}
        neighbours = {*lineage.made_of(table), *lineage.used_by(table)}

        assert [box.name for box in drawing.boxes if box.is_self] == [table]
        assert len(places) == len(drawing.boxes) == len({box.name for box in drawing.boxes})
        assert neighbours <= {box.name for box in drawing.boxes}
        assert len(drawing.lines) >= len(neighbours)
        assert all(
            box.x + lineage.WIDTH <= drawing.width and box.y + lineage.HEIGHT <= drawing.height for box in drawing.boxes
        )
