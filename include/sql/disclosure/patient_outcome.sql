{% from 'disclosure/told.sql' import told with context %}
-- Persons of whom more than the limit are alike in all that is told of them. Whoever is not alike to so many is tried
-- on the next level, where less is told, and whoever is alone on the last one is not told. Of those who are alike only a
-- whole number of steps is told.
WITH level_0 AS (
    SELECT
{% for name, rule in columns.items() %}
        {{ "FLOOR(" ~ name ~ " / " ~ rule.width ~ ".0) * " ~ rule.width if rule.width else name }} AS {{ name }},
{% endfor %}
        patient_key,
        CAST(NULL AS BIGINT) AS told_on
    FROM ({{ select }}) AS mart
),

{% for level in levels %}
level_{{ level }} AS (
    SELECT
{% for name in columns %}
        {{ name }},
{% endfor %}
        patient_key,
        CASE
            WHEN told_on IS NOT NULL THEN told_on
            WHEN
                COUNT(*) OVER (
                    PARTITION BY told_on IS NULL
{%- for name, rule in columns.items() if rule.level >= level %}, {{ name }}{% endfor %}

                ) > {{ limit }}
                THEN {{ level }}
        END AS told_on
    FROM level_{{ level - 1 }}
),

{% endfor %}
shown AS (
    SELECT
{% for name, rule in columns.items() %}
        CASE WHEN told_on <= {{ rule.level }} THEN {{ name }} END AS {{ name }},
{% endfor %}
        patient_key,
        told_on
    FROM level_{{ levels | last }}
    WHERE told_on IS NOT NULL
),

numbered AS (
    SELECT
        shown.*,
        ROW_NUMBER() OVER (PARTITION BY told_on, {{ columns | join(", ") }} ORDER BY patient_key ASC NULLS LAST) AS place,
        COUNT(*) OVER (PARTITION BY told_on, {{ columns | join(", ") }}) AS alike
    FROM shown
)

SELECT
{% for name, type in types.items() %}
    {{ name if name in columns or name == "patient_key" else "CAST(NULL AS " ~ type ~ ") AS " ~ name }}{{ "," if not loop.last }}
{% endfor %}
FROM numbered
WHERE place <= {{ told("alike", limit) }}
ORDER BY patient_key ASC NULLS LAST
