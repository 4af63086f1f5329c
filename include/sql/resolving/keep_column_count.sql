{% from 'reference/unit_factor.sql' import unit_factor with context %}
-- Reads: new_reading.
-- Rows of a column are added up by patient first, which is quicker than to count patients who are different.
{% macro to_three_digits(number) %}
CASE
            WHEN {{ number }} = 0 THEN 0
            ELSE
                ROUND(CAST({{ number }} / POWER(10, FLOOR(LOG10(ABS({{ number }}))) - 2) AS DOUBLE PRECISION))
                * POWER(CAST(10 AS DOUBLE PRECISION), FLOOR(LOG10(ABS({{ number }}))) - 2)
        END
{%- endmacro %}
{% macro counted(column, rows, code, filled) %}
    SELECT
        load_id,
        reading,
        '{{ column }}' AS column_name,
        code,
        CAST(NULL AS DOUBLE PRECISION) AS value,
        COUNT(patient_id) AS patients,
        COUNT(CASE WHEN rows_filled > 0 THEN patient_id END) AS patients_filled,
        CAST(SUM(rows) AS BIGINT) AS rows,
        CAST(SUM(rows_filled) AS BIGINT) AS rows_filled
    FROM (
        SELECT
            load_id,
            reading,
            {{ code }} AS code,
            patient_id,
            COUNT(*) AS rows,
            COUNT({{ filled }}) AS rows_filled
        FROM {{ rows }}
        GROUP BY load_id, reading, {{ code }}, patient_id
    ) AS of_patient
    WHERE code IS NOT NULL
    GROUP BY load_id, reading, code
{%- endmacro %}
{% macro numbered(column, rows, code) %}
    SELECT
        load_id,
        reading,
        '{{ column }}' AS column_name,
        {{ code }} AS code,
        {{ to_three_digits('"' ~ column ~ '"') }} AS value,
        CAST(NULL AS BIGINT) AS patients,
        CAST(NULL AS BIGINT) AS patients_filled,
        COUNT(*) AS rows,
        COUNT(*) AS rows_filled
    FROM {{ rows }}
    WHERE "{{ column }}" IS NOT NULL
    GROUP BY load_id, reading, {{ code }}, {{ to_three_digits('"' ~ column ~ '"') }}
{%- endmacro %}
INSERT INTO resolved.column_count (
    load_id, reading, column_name, code, value, patients, patients_filled, rows, rows_filled
)
WITH came AS (
    SELECT
        r.load_id,
        r.reading,
        r.patient_id,
        '' AS every_row{{ "," if f.numbers or f.coded }}
{% for name in f.numbers + (f.coded | list) %}
        r."{{ name }}"{{ "," if not loop.last }}
{% endfor %}
    FROM received.{{ f.name }} AS r
    INNER JOIN new_reading AS n ON r.load_id = n.load_id AND r.reading = n.reading
){{ "," if f.measured }}
{% if f.measured %}

measured AS (
    SELECT
        r.load_id,
        r.reading,
        r.patient_id,
        '' AS every_row,
        c.analyte,
{% for name in f.measured %}
        r."{{ name }}_number" * u.factor AS "{{ name }}"{{ "," if not loop.last }}
{% endfor %}
    FROM received.{{ f.name }} AS r
    INNER JOIN new_reading AS n ON r.load_id = n.load_id AND r.reading = n.reading
    LEFT JOIN reference.analyte_code AS c ON r.test_code = c.loinc
    LEFT JOIN ({{ unit_factor('resolved.spelling') }}) AS u ON c.analyte = u.analyte AND r.unit = u.spelling
)
{% endif %}

{% for name in f.measured %}
{{ counted(name, 'measured', 'every_row', 'analyte') }}
UNION ALL
{{ counted(name, 'measured', 'analyte', '"' ~ name ~ '"') }}
UNION ALL
{{ numbered(name, 'measured', 'analyte') }}
{% if not loop.last or f.numbers or f.coded %}UNION ALL{% endif %}

{% endfor %}
{% for name in f.numbers %}
{{ counted(name, 'came', 'every_row', '"' ~ name ~ '"') }}
UNION ALL
{{ numbered(name, 'came', 'every_row') }}
{% if not loop.last or f.coded %}UNION ALL{% endif %}

{% endfor %}
{% for name, codes in f.coded.items() %}
{% set known %}CASE WHEN "{{ name }}" IN ('{{ codes | join("', '") }}') THEN "{{ name }}" END{% endset %}
{{ counted(name, 'came', 'every_row', known) }}
UNION ALL
{{ counted(name, 'came', known, '"' ~ name ~ '"') }}
{% if not loop.last %}UNION ALL{% endif %}

{% endfor %}
