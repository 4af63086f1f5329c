{% from 'resolving/of_few.sql' import of_few with context %}
{% from 'clinical/partial_date.sql' import latest with context %}
-- Reads: new_reading, touched_key. Makes: known.
-- New rows, all rows of the touched keys and those without a key, with what the record knows of their patients: what the
-- rules about birth and death judge. A row's number is made of its reading and its place in the file: a count through
-- all rows would keep DuckDB to one thread.
CREATE TEMPORARY TABLE known AS
SELECT
    d.place * 4294967296 + r.row_number AS row_number,
    1 AS file_number,
    r.load_id,
    r.row_number AS row_of_file,
{% for name in judged %}
    r."{{ name }}",
{% endfor %}
{% for name in f.contract.partial if name in judged %}
    {{ latest('r', name) }} AS "{{ name }}_latest",
{% endfor %}
{% if f.of_patients %}
    l.patient_id IS NOT NULL AS is_announced,
    l.birth_date AS patient_birth_date,
    {% if without_death %}CAST(NULL AS DATE){% else %}l.death_date{% endif %} AS patient_death_date,
    {% if without_death %}CAST(NULL AS DATE){% else %}l.earliest_death_date{% endif %} AS patient_earliest_death_date,
{% endif %}
    r.reading
{% if everything %}
FROM received.{{ f.name }} AS r
{% else %}
FROM (
    SELECT o.*
    FROM received.{{ f.name }} AS o
    WHERE o.load_id IN (SELECT n.load_id FROM new_reading AS n){{ of_few(loads, 'o') }}
    UNION ALL
    SELECT *
    FROM received.{{ f.name }}
    WHERE
        {{ f.key }} IN (SELECT t.record_key FROM touched_key AS t)
        AND load_id NOT IN (SELECT n.load_id FROM new_reading AS n)
    UNION ALL
    SELECT *
    FROM received.{{ f.name }}
    WHERE {{ f.key }} IS NULL AND load_id NOT IN (SELECT n.load_id FROM new_reading AS n)
) AS r
{% endif %}
INNER JOIN (
    SELECT
        load_id,
        reading,
        ROW_NUMBER() OVER (ORDER BY load_id ASC, reading ASC) AS place
    FROM received.reading
) AS d ON r.load_id = d.load_id AND r.reading = d.reading
{% if f.of_patients %}
LEFT JOIN clinical.lifespan AS l ON r.patient_id = l.patient_id
{% endif %}
