-- noqa: disable=LT02
{% set grades = (1, 2, 3, 4) %}
{% set basis_of = {
    'reference': "'uln', 'lln'", 'baseline': "'baseline'", 'both': "'uln_and_baseline'", 'absolute': "'absolute'"
} %}
{% set beyond_of = {
    'beyond': "'beyond'", 'beyond_reference': "'beyond_uln'", 'beyond_baseline': "'beyond_baseline'"
} %}
-- The limits of each analyte, direction and state of the baseline, those of all editions side by side. Low values are
-- mirrored (direction -1), so every limit is passed from below. A limit is a multiple plus what is added to it. Numbers
-- are told apart at 15 significant digits: limits move by one part in 10^15.
{% macro grading_rules() %}
SELECT
    analyte AS of_analyte,
    baseline_state AS of_state,
    direction AS of_direction,
{% for place in editions %}
    COUNT(DISTINCT CASE WHEN place = {{ place }} AND baseline <> 'any' THEN baseline END) > 1 AS is_mixed_{{ place }},
    COUNT(*) FILTER (WHERE place = {{ place }} AND basis IN ({{ beyond_of.values() | join(', ') }})) > 0
        AS is_open_{{ place }},
    COUNT(*) FILTER (WHERE place = {{ place }} AND basis NOT IN ('absolute', 'beyond', 'beyond_baseline')) > 0
        AS needs_reference_{{ place }},
    MAX(CASE WHEN place = {{ place }} AND basis = 'baseline' THEN baseline END) AS baseline_is_{{ place }},
{% for name, bases in dict(basis_of, **beyond_of).items() %}
{% for grade in grades %}
    MAX(threshold{{ " * direction" if name in ("absolute", "beyond") }}) FILTER (
        WHERE place = {{ place }} AND basis IN ({{ bases }}) AND grade = {{ grade }}
    ) AS {{ name }}_{{ place }}_{{ grade }},
{% endfor %}
{% endfor %}
{% for grade in grades %}
    COALESCE(MAX(plus) FILTER (WHERE place = {{ place }} AND grade = {{ grade }}), 0) AS plus_{{ place }}_{{ grade }},
{% endfor %}
    COUNT(*) FILTER (WHERE place = {{ place }}) > 0 AS is_graded_{{ place }}{{ "," if not loop.last }}
{% endfor %}
FROM (
    SELECT DISTINCT
        s.baseline_state,
        e.sort_order AS place,
        l.analyte,
        l.baseline,
        CASE WHEN s.baseline_state = 'before' AND l.basis = 'uln_and_baseline' THEN 'uln' ELSE l.basis END AS basis,
        l.grade,
        CASE WHEN l.comparator IN ('<', '<=') THEN -1 ELSE 1 END AS direction,
        l.threshold * CASE WHEN l.comparator IN ('>', '<=') THEN 1 + 1e-15 ELSE 1 - 1e-15 END AS threshold,
        l.plus
    FROM reference.toxicity_limit AS l
    INNER JOIN reference.toxicity_criteria AS e ON l.criteria = e.criteria
    -- What a baseline may be: one thing, or one of several where a limit of it is missing or it is censored.
    INNER JOIN (
        VALUES
        ('before', 'normal'),
        ('normal', 'normal'),
        ('above_uln', 'above_uln'),
        ('below_lln', 'below_lln'),
        ('not_above', 'normal'),
        ('not_above', 'below_lln'),
        ('not_below', 'normal'),
        ('not_below', 'above_uln'),
        ('unknown', 'normal'),
        ('unknown', 'above_uln'),
        ('unknown', 'below_lln')
    ) AS s (baseline_state, baseline)
        ON
            l.baseline IN ('any', s.baseline)
            OR (
                l.baseline = 'normal'
                AND NOT EXISTS (
                    SELECT 1
                    FROM reference.toxicity_limit AS o
                    WHERE o.criteria = l.criteria AND o.analyte = l.analyte AND o.baseline = s.baseline
                )
            )
    WHERE s.baseline_state <> 'before' OR l.basis NOT IN ('baseline', 'beyond_baseline')
) AS limits
GROUP BY analyte, direction, baseline_state
{% endmacro %}
-- The limits of each edition by the rule `r` of a row `c`, which has `reference` and its baseline's bounds: whatever is
-- above limit_1_1 has grade 1 of the first edition for certain, whatever is above highest_1_1 may have it. Multiples of
-- the baseline alone count beside a reference; a rule for a baseline beyond its own limits takes what it then can be.
-- Where the baseline may be one of several things, a value has the grade for certain by all of them, and may have it by
-- any. What is unknown may be anything: for the least grade its limit is not passed, for the greatest it is. A rule
-- that leaves nothing open is_sure. What never has a reference is graded by the editions that need none.
{% macro limits(is_without_reference=False) %}
{% set infinity = "CAST('Infinity' AS DOUBLE PRECISION)" %}
{% for place in editions %}
{% set usable_most -%}
CASE
                        WHEN c.reference IS NULL THEN {{ infinity }}
                        WHEN r.baseline_is_{{ place }} = 'below_lln' THEN c.most_below
                        ELSE c.most_baseline
                    END
{%- endset %}
{% set usable_least -%}
CASE
                WHEN c.reference IS NULL THEN -{{ infinity }}
                WHEN r.baseline_is_{{ place }} = 'above_uln' THEN c.least_above
                ELSE c.least_baseline
            END
{%- endset %}
{% for grade in grades %}
        CASE
            WHEN r.is_mixed_{{ place }}
                THEN
                    GREATEST(
                        COALESCE(c.reference, {{ infinity }}) * r.reference_{{ place }}_{{ grade }}
                        + r.plus_{{ place }}_{{ grade }},
                        {{ usable_most }} * r.baseline_{{ place }}_{{ grade }} + r.plus_{{ place }}_{{ grade }},
                        r.absolute_{{ place }}_{{ grade }}
                    )
            ELSE
                LEAST(
                    c.reference * r.reference_{{ place }}_{{ grade }} + r.plus_{{ place }}_{{ grade }},
                    {{ usable_most }} * r.baseline_{{ place }}_{{ grade }} + r.plus_{{ place }}_{{ grade }},
                    GREATEST(COALESCE(c.reference, {{ infinity }}), c.most_baseline)
                    * r.both_{{ place }}_{{ grade }},
                    r.absolute_{{ place }}_{{ grade }}
                )
        END AS limit_{{ place }}_{{ grade }},
        LEAST(
            COALESCE(c.reference, -{{ infinity }}) * r.reference_{{ place }}_{{ grade }}
            + r.plus_{{ place }}_{{ grade }},
            {{ usable_least }} * r.baseline_{{ place }}_{{ grade }} + r.plus_{{ place }}_{{ grade }},
            GREATEST(COALESCE(c.reference, -{{ infinity }}), c.least_baseline) * r.both_{{ place }}_{{ grade }},
            r.absolute_{{ place }}_{{ grade }},
            r.beyond_{{ place }}_{{ grade }},
            COALESCE(c.reference, -{{ infinity }}) * r.beyond_reference_{{ place }}_{{ grade }},
            c.least_baseline * r.beyond_baseline_{{ place }}_{{ grade }}
        ) AS highest_{{ place }}_{{ grade }},
{% endfor %}
        NOT (r.is_open_{{ place }} OR r.is_mixed_{{ place }}) AS is_sure_{{ place }},
        r.needs_reference_{{ place }},
        r.is_graded_{{ place }}{% if is_without_reference %} AND NOT r.needs_reference_{{ place }} AS is_graded_{{ place }}
        {%- endif %}{{ "," if not loop.last }}
{% endfor %}
{% endmacro %}
-- The least and the greatest grade of each edition (least_1, most_1, ...) of a row `c` with the bounds of its value,
-- `low` and `high`, and `is_exact`, by its limits `l`; - where the edition grades nothing. An exact value has one grade
-- where the rule is sure.
{% macro bounds() %}
{% for place in editions %}
        l.needs_reference_{{ place }},
        CASE
            WHEN c.low IS NULL OR l.is_graded_{{ place }} IS NOT TRUE THEN '-'
{% for grade in grades | reverse %}
            WHEN c.low > l.limit_{{ place }}_{{ grade }} THEN '{{ grade }}'
{% endfor %}
            ELSE '0'
        END AS least_{{ place }},
        CASE
            WHEN c.is_exact AND l.is_sure_{{ place }} THEN NULL
            WHEN c.low IS NULL OR l.is_graded_{{ place }} IS NOT TRUE THEN '-'
{% for grade in grades | reverse %}
            WHEN c.high > l.highest_{{ place }}_{{ grade }} THEN '{{ grade }}'
{% endfor %}
            ELSE '0'
        END AS most_{{ place }}{{ "," if not loop.last }}
{% endfor %}
{% endmacro %}
-- One character an edition; where neither a limit nor a baseline says anything, a grade cannot be told. That the
-- reference is missing counts where a limit of the edition rests on it; no baseline is used without it.
{% macro as_texts() %}
{% for name in ("least", "most") %}
    CONCAT(
{% for place in editions %}
{% set told = "least_%d" % place if name == "least" else "COALESCE(most_%d, least_%d)" % (place, place) %}
        CASE
            WHEN
                reference IS NULL
                AND needs_reference_{{ place }}
                AND least_{{ place }} = '0'
                AND COALESCE(most_{{ place }}, '0') <> '0'
                THEN '-'
            ELSE {{ told }}
        END{{ "," if not loop.last }}
{% endfor %}
    ) AS grades_at_{{ name }}{{ "," if not loop.last }}
{% endfor %}
{% endmacro %}
-- The grade of an edition `e` in a text with one character for each.
{% macro grade_of(text) %}
CAST(NULLIF(NULLIF(SUBSTR({{ text }}, CAST(e.sort_order AS INTEGER), 1), '-'), '') AS BIGINT)
{%- endmacro %}
-- The highest of some rows' grades that are known, of the least and of the greatest ones. A row without a grade beside
-- others that have one may have any: 4 at most.
{% macro highest(at_least, at_most) %}
{% for name in ("", "_at_least", "_at_most") %}
{% for place in editions %}
{% if name == "_at_most" %}
        CASE
            WHEN MIN(SUBSTR({{ at_most }}, {{ place }}, 1)) = '-' AND MAX(SUBSTR({{ at_most }}, {{ place }}, 1)) <> '-'
                THEN '4'
            ELSE COALESCE(MAX(SUBSTR({{ at_most }}, {{ place }}, 1)), '-')
        END{{ " ||" if not loop.last }}
{% else %}
        COALESCE(MAX(SUBSTR({{ at_least }}, {{ place }}, 1)) {% if not name -%}
            FILTER (WHERE SUBSTR({{ at_least }}, {{ place }}, 1) = SUBSTR({{ at_most }}, {{ place }}, 1))
        {%- endif %}, '-'){{ " ||" if not loop.last }}
{% endif %}
{% endfor %}
        AS grades{{ name }}{{ "," if not loop.last }}
{% endfor %}
{% endmacro %}
-- Each row of a table of grades (`r`) with each edition (`e`), what that grades of the analyte (`t`), and, of an
-- analyte whose high and low values are graded, the row of the low ones (`o`, `u`) beside that of the high ones.
{% macro with_both_sides(table, key) %}
FROM derived.{{ table }} AS r
INNER JOIN (SELECT analyte, MAX(direction) AS direction FROM reference.graded_term GROUP BY analyte) AS m
    ON r.analyte = m.analyte AND r.direction = m.direction
LEFT JOIN derived.{{ table }} AS o
    ON
        r.direction = -o.direction
{% for name in key %}
        AND r.{{ name }} = o.{{ name }}
{% endfor %}
CROSS JOIN reference.toxicity_criteria AS e
LEFT JOIN reference.graded_term AS t
    ON e.criteria = t.criteria AND r.analyte = t.analyte AND r.direction = t.direction
LEFT JOIN reference.graded_term AS u
    ON e.criteria = u.criteria AND o.analyte = u.analyte AND o.direction = u.direction
{% endmacro %}
-- What both sides together give: 0 only if both do, else the grade of the side on which the value lies.
{% macro of_both(text) %}
{% set grade, other = grade_of("r." ~ text), grade_of("o." ~ text) %}
CASE
    WHEN t.term IS NOT NULL AND u.term IS NOT NULL AND ({{ grade }} IS NULL OR {{ other }} IS NULL)
        THEN NULLIF(COALESCE({{ grade }}, {{ other }}), 0)
    ELSE GREATEST({{ grade }}, {{ other }})
END
{%- endmacro %}
-- The term whose grade that is; null = neither.
{% macro term_of(text) %}
CASE
    WHEN t.term IS NULL OR u.term IS NULL THEN COALESCE(t.term, u.term)
    WHEN COALESCE({{ grade_of("r." ~ text) }}, 0) > COALESCE({{ grade_of("o." ~ text) }}, 0) THEN t.term
    WHEN COALESCE({{ grade_of("r." ~ text) }}, 0) < COALESCE({{ grade_of("o." ~ text) }}, 0) THEN u.term
END
{%- endmacro %}
