{% from 'resolving/column_month.sql' import month_of with context %}
{% from 'reference/unit_factor.sql' import unit_factor with context %}
-- Reads: touched_month.
-- What the watched columns say in the touched months, of the rows that count: first what each patient says, who has a
-- code in any row and of several numbers says the highest, then how many patients. The median is a patient's value, or
-- the middle of two: no engine's own way to find one is asked. A code that is not in the contract's list is none.
{% set flags = [] %}
{% for field in f.contract.coded %}
{% set _ = flags.append((field.name, 'filled', '', field.name ~ ': filled', '"%s" IS NOT NULL' | format(field.name))) %}
{% for code in field.judged["values"] %}
{% set _ = flags.append((field.name, 'code', code, '%s: %s' | format(field.name, code), "\"%s\" = '%s'" | format(field.name, code))) %}
{% endfor %}
{% endfor %}
INSERT INTO resolved.column_count (
    feed, site, month, column_name, analyte, measure, code, patients, denominator, value
)
WITH
counted AS (
    SELECT
        COALESCE(a.site, '') AS site,
        {{ month_of(f.contract, 'r') }} AS month,
        p.person_id AS patient_id{% for name, value in watched.items() %},
        {{ value }} AS "{{ name }}"{% endfor %}{% if f.measured %},
        u.factor,
        c.analyte{% endif %}

    FROM received.{{ f.name }} AS r
    INNER JOIN resolved.reading AS d ON r.load_id = d.load_id AND r.reading = d.reading
    INNER JOIN received.file AS a ON r.load_id = a.load_id
    INNER JOIN clinical.lifespan AS p ON r.patient_id = p.patient_id AND p.is_active
{% if not everything %}
    INNER JOIN touched_month AS t
        ON
            COALESCE(a.site, '') = t.site
            AND {{ month_of(f.contract, 'r') }} = t.month
            AND r."{{ f.contract.event_date }}" >= t.month
            AND r."{{ f.contract.event_date }}" < t.month + INTERVAL '1' MONTH
{% endif %}
    LEFT JOIN resolved.fate AS x
        ON x.feed = '{{ f.name }}' AND r.load_id = x.load_id AND r.row_number = x.row_number AND r.reading = x.reading
{% if f.measured %}
    LEFT JOIN reference.analyte_code AS c ON r.test_code = c.loinc
    LEFT JOIN ({{ unit_factor('resolved.spelling') }}) AS u ON c.analyte = u.analyte AND r.unit = u.spelling
{% endif %}
    WHERE
        r.status <> 'cancelled'
        AND COALESCE(x.version_state = 'current', x.load_id IS NULL)
        AND {{ month_of(f.contract, 'r') }} IS NOT NULL
{% if f.announces %}
        AND p.describes
{% endif %}
),

{% if not f.measured %}
patient_said AS (
    SELECT
        site,
        month,
        patient_id{% for _, _, _, name, holds in flags %},
        MAX(CASE WHEN {{ holds }} THEN 1 ELSE 0 END) AS "{{ name }}"{% endfor %}{% for field in f.contract.numeric %},
        MAX("{{ field.name }}") AS "{{ field.name }}"{% endfor %}

    FROM counted
    GROUP BY site, month, patient_id
),

{% endif %}
{% if flags %}
summed AS (
    SELECT
        site,
        month,
        COUNT(*) AS patients{% for _, _, _, name, _ in flags %},
        SUM("{{ name }}") AS "{{ name }}"{% endfor %}

    FROM patient_said
    GROUP BY site, month
),

{% endif %}
{% if f.contract.numeric %}
figure AS (
{% for field in f.contract.numeric %}
    SELECT
        site,
        month,
        '{{ field.name }}' AS column_name,
{% if field.name in f.measured %}
        analyte,
        MAX("{{ field.name }}" * factor) AS value
    FROM counted
    WHERE analyte IS NOT NULL
    GROUP BY site, month, analyte, patient_id
{% else %}
        '' AS analyte,
        CAST("{{ field.name }}" AS DOUBLE PRECISION) AS value
    FROM patient_said
{% endif %}
{% if not loop.last %}
    UNION ALL
{% endif %}
{% endfor %}
),

valued AS (
    SELECT
        site,
        month,
        column_name,
        analyte,
        value,
        COUNT(*) AS patients
    FROM figure
    GROUP BY site, month, column_name, analyte, value
),

placed AS (
    SELECT
        *,
        SUM(patients) OVER (
            PARTITION BY site, month, column_name, analyte
            ORDER BY value ASC NULLS LAST
        ) AS last_place,
        SUM(CASE WHEN value IS NOT NULL THEN patients ELSE 0 END)
            OVER (PARTITION BY site, month, column_name, analyte) AS places
    FROM valued
),

middle AS (
    SELECT
        site,
        month,
        column_name,
        analyte,
        MAX(places) AS patients,
        SUM(patients) AS denominator,
        (
            MIN(CASE WHEN 2 * last_place >= places THEN value END)
            + MAX(CASE WHEN 2 * (places - last_place + patients) >= places THEN value END)
        ) / 2 AS median
    FROM placed
    GROUP BY site, month, column_name, analyte
),

{% endif %}
said AS (
{% if flags %}
    SELECT
        s.site,
        s.month,
        w.column_name,
        '' AS analyte,
        w.measure,
        w.code,
        CASE w.place
{% for _, _, _, name, _ in flags %}
            WHEN {{ loop.index }} THEN s."{{ name }}"
{% endfor %}
        END AS patients,
        CASE w.place
{% for column_name, measure, _, _, _ in flags %}
{% if measure == 'code' %}
            WHEN {{ loop.index }} THEN s."{{ column_name }}: filled"
{% endif %}
{% endfor %}
            ELSE s.patients
        END AS denominator,
        CAST(NULL AS DOUBLE PRECISION) AS value
    FROM summed AS s
    CROSS JOIN (
        VALUES
        {% for column_name, measure, code, _, _ in flags %}
        ('{{ column_name }}', '{{ measure }}', '{{ code }}', {{ loop.index }}){{ "," if not loop.last }}
        {% endfor %}
    ) AS w (column_name, measure, code, place)
{% endif %}
{% if flags and f.contract.numeric %}
    UNION ALL
{% endif %}
{% if f.contract.numeric %}
    SELECT
        q.site,
        q.month,
        q.column_name,
        q.analyte,
        m.measure,
        '' AS code,
        q.patients,
        CASE m.measure WHEN 'filled' THEN q.denominator ELSE q.patients END AS denominator,
        CASE m.measure WHEN 'median' THEN q.median END AS value
    FROM middle AS q
    CROSS JOIN (VALUES ('filled'), ('median')) AS m (measure)
{% endif %}
)

SELECT
    '{{ f.name }}' AS feed,
    site,
    month,
    column_name,
    analyte,
    measure,
    code,
    patients,
    denominator,
    value
FROM said
WHERE measure <> 'median' OR patients > 0
