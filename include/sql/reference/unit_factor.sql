{% set letters = 'abcdefghijklmnopqrstuvwxyzéèêíóöüø' %}
{% set capitals = 'ABCDEFGHIJKLMNOPQRSTUVWXYZEEEIOOUO' %}
{% set signs = 'μ⁰¹²³⁴⁵⁶⁷⁸⁹⁻−／∕％' %}
{% set plain = 'µ0123456789--//%' %}
{% set silent = '.·⋅^ˆ*×+()[]{}' %}
-- A unit without what says nothing: blanks, case, signs of multiplication and power, brackets, accents. A power of ten
-- is 10 and its exponent, both mu's are MC. Letters are named one by one, for UPPER differs between engines.
{% macro normal_unit(text) %}
REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(
    TRANSLATE({{ text }}, '{{ letters }}{{ signs }}{{ silent }}' || {{ blanks }}, '{{ capitals }}{{ plain }}'),
'µ', 'MC'), '\S\', ''), 'X10', '10'), '10X', '10'), '10EXP', '10'), '10E', '10'), 'PERCENT', '%'), 'PER', '/')
{% endmacro %}
-- The factors of the units of some rows: each spelling is read once, as a numerator and what stands from the slash on.
{% macro unit_factor(rows) %}
SELECT
    written.unit AS spelling,
    conversion.analyte,
    conversion.factor,
    known.canonical_unit
FROM (
    SELECT
        unit,
        COALESCE(NULLIF(SPLIT_PART(normal, '/', 1), ''), '1') AS above,
        SUBSTR(normal, 1 + LENGTH(SPLIT_PART(normal, '/', 1))) AS below
    FROM (
        SELECT
            unit,
            {{ normal_unit('unit') }} AS normal
        FROM (SELECT unit FROM {{ rows }} GROUP BY unit) AS spelling
    ) AS folded
) AS written
INNER JOIN reference.unit_word AS above ON written.above = above.spelling
LEFT JOIN reference.unit_word AS below ON written.below = below.spelling
INNER JOIN reference.unit_conversion AS conversion
    ON
        above.unit || COALESCE(below.unit, '') = conversion.unit
        AND (written.below = '' OR below.unit IS NOT NULL)
INNER JOIN reference.analyte AS known ON conversion.analyte = known.analyte
{% endmacro %}
