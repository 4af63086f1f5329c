{% from 'reference/unit_factor.sql' import unit_factor with context %}
-- Reads: new_reading.
-- Rows are added up by patient first, which is quicker than to count patients who are different. A number beyond all
-- measure, whose power of ten PostgreSQL refuses, stays as it is.
{% macro to_three_digits(number) %}
CASE
            WHEN ABS({{ number }}) BETWEEN 1e-99 AND 1e99
                THEN
                    ROUND(CAST({{ number }} / POWER(10, FLOOR(LOG10(ABS({{ number }}))) - 2) AS DOUBLE PRECISION))
                    * POWER(CAST(10 AS DOUBLE PRECISION), FLOOR(LOG10(ABS({{ number }}))) - 2)
            ELSE {{ number }}
        END
{%- endmacro %}
{% macro by_patient(column, rows, code, filled) %}
    SELECT
        place,
        '{{ column }}' AS column_name,
        {{ code }} AS code,
        patient_id,
        COUNT(*) AS rows,
        COUNT({{ filled }}) AS rows_filled
    FROM {{ rows }}
    GROUP BY place, {{ code }}, patient_id
{%- endmacro %}
{% macro by_number(column, rows, code) %}
    SELECT
        place,
        '{{ column }}' AS column_name,
        code,
        {{ to_three_digits("number") }} AS value,
        CAST(NULL AS BIGINT) AS patients,
        CAST(NULL AS BIGINT) AS patients_filled,
        SUM(rows) AS rows,
        SUM(rows) AS rows_filled
    FROM (
        SELECT
            place,
            {{ code }} AS code,
            "{{ column }}" AS number,
            COUNT(*) AS rows
        FROM {{ rows }}
        WHERE "{{ column }}" IS NOT NULL
        GROUP BY place, {{ code }}, "{{ column }}"
    ) AS numbers
    GROUP BY place, code, {{ to_three_digits("number") }}
{%- endmacro %}
INSERT INTO resolved.column_count (
    load_id, reading, column_name, code, value, patients, patients_filled, rows, rows_filled
)
WITH placed AS (
    SELECT
        load_id,
        reading,
        ROW_NUMBER() OVER (ORDER BY load_id ASC, reading ASC) AS place
    FROM new_reading
),

came AS (
    SELECT
        n.place,
        r.patient_id,
        '' AS every_row{{ "," if f.numbers or f.coded }}
{% for name in f.numbers %}
        r."{{ name }}"{{ "," if not loop.last or f.coded }}
{% endfor %}
{% for name, codes in f.coded.items() %}
        CASE WHEN r."{{ name }}" IN ('{{ codes | join("', '") }}') THEN r."{{ name }}" END AS "{{ name }}"{{ "," if not loop.last }}
{% endfor %}
    FROM received.{{ f.name }} AS r
    INNER JOIN placed AS n ON r.load_id = n.load_id AND r.reading = n.reading
),
{% if f.measured %}

measured AS (
    SELECT
        n.place,
        r.patient_id,
        c.analyte,
{% for name in f.measured %}
        r."{{ name }}_number" * u.factor AS "{{ name }}"{{ "," if not loop.last }}
{% endfor %}
    FROM received.{{ f.name }} AS r
    INNER JOIN placed AS n ON r.load_id = n.load_id AND r.reading = n.reading
    LEFT JOIN reference.analyte_code AS c ON r.test_code = c.loinc
    LEFT JOIN ({{ unit_factor('resolved.spelling') }}) AS u ON c.analyte = u.analyte AND r.unit = u.spelling
),
{% endif %}

of_patient AS (
{% for name in f.measured %}
{{ by_patient(name, 'measured', 'analyte', '"' ~ name ~ '"') }}
{% if not loop.last or f.numbers or f.coded %}UNION ALL{% endif %}

{% endfor %}
{% for name in f.numbers %}
{{ by_patient(name, 'came', 'every_row', '"' ~ name ~ '"') }}
{% if not loop.last or f.coded %}UNION ALL{% endif %}

{% endfor %}
{% for name in f.coded %}
{{ by_patient(name, 'came', '"' ~ name ~ '"', '"' ~ name ~ '"') }}
{% if not loop.last %}UNION ALL{% endif %}

{% endfor %}
),

counted AS (
    SELECT
        place,
        column_name,
        code,
        CAST(NULL AS DOUBLE PRECISION) AS value,
        COUNT(patient_id) AS patients,
        COUNT(CASE WHEN rows_filled > 0 THEN patient_id END) AS patients_filled,
        SUM(rows) AS rows,
        SUM(rows_filled) AS rows_filled
    FROM of_patient
    WHERE code <> ''
    GROUP BY place, column_name, code
    UNION ALL
    SELECT
        place,
        column_name,
        '' AS code,
        CAST(NULL AS DOUBLE PRECISION) AS value,
        COUNT(DISTINCT patient_id) AS patients,
        COUNT(DISTINCT CASE WHEN code <> '' OR rows_filled > 0 THEN patient_id END) AS patients_filled,
        SUM(rows) AS rows,
        SUM(CASE WHEN code <> '' THEN rows ELSE rows_filled END) AS rows_filled
    FROM of_patient
    GROUP BY place, column_name
{% for name in f.measured %}
    UNION ALL
{{ by_number(name, 'measured', 'analyte') }}

{% endfor %}
{% for name in f.numbers %}
    UNION ALL
{{ by_number(name, 'came', 'every_row') }}

{% endfor %}
)

SELECT
    p.load_id,
    p.reading,
    c.column_name,
    c.code,
    c.value,
    c.patients,
    c.patients_filled,
    CAST(c.rows AS BIGINT) AS rows,
    CAST(c.rows_filled AS BIGINT) AS rows_filled
FROM counted AS c
INNER JOIN placed AS p ON c.place = p.place
