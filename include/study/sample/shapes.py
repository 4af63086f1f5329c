"""Shapes of the continuous characteristics: (decimals, anchors), an anchor being (rank from 0, value).

Each has the size, minimum, median, maximum, mean and standard deviation that Table 1 of the study prints, and
where the table also prints classes (BMI, chromogranin A, 5-HIAA, clearance; Table 3: AST, ALT, bilirubin) an
anchor stands on each side of the class limit.
"""

Anchors = tuple[tuple[int, float], ...]

SHAPES: dict[str, tuple[int, Anchors]] = {
    "bmi": (
        1,
        (
            (0, 17.2),
            (6, 19.8),
            (7, 20.3),
            (15, 22.5),
            (24, 23.5),
            (25, 23.7),
            (29, 24.8),
            (30, 25.4),
            (35, 25.4),
            (41, 29.5),
            (42, 30.5),
            (45, 31.2),
            (49, 36.0),
        ),
    ),
    "chromogranin_ng_ml": (
        0,
        (
            (0, 25),
            (7, 96),
            (8, 108),
            (15, 108),
            (22, 350),
            (28, 350.3),
            (34, 1190.6),
            (38, 2979.5),
            (41, 3056.9),
            (43, 5769.9),
            (44, 7629),
        ),
    ),
    "hiaa_umol_24h": (
        1,
        (
            (0, 3.4),
            (5, 3.4),
            (9, 35),
            (10, 36),
            (13, 46),
            (14, 62),
            (16, 159.9),
            (17, 230.4),
            (18, 280),
            (19, 280),
        ),
    ),
    "AST": (
        0,
        (
            (0, 12),
            (10, 18),
            (24, 25),
            (26, 25),
            (32, 27.5),
            (39, 34),
            (40, 37),
            (45, 38.4),
            (50, 66),
            (51, 144),
        ),
    ),
    "ALT": (
        0,
        (
            (0, 7),
            (10, 18.9),
            (25, 20),
            (26, 20),
            (35, 28.4),
            (40, 37.3),
            (44, 43),
            (45, 48),
            (48, 57.5),
            (50, 100),
            (51, 216),
        ),
    ),
    "BILI": (
        0,
        (
            (0, 5),
            (10, 8.3),
            (25, 10),
            (26, 10),
            (35, 13.1),
            (40, 13.5),
            (44, 15),
            (45, 17),
            (48, 17.4),
            (50, 23),
            (51, 31),
        ),
    ),
}
