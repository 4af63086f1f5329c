-- What is set aside, rows and single cells; and which of it has all that a Selection gives.
{% macro of(table, column_name) %}
SELECT
        load_id,
        row_number,
        source,
        feed,
        {{ column_name }},
        record_key,
        patient_id,
        state,
        rule_ids,
        payload,
        content,
        decided_by,
        decided_at,
        reason
    FROM quarantine.{{ table }}
{%- endmacro %}
{% macro aside() %}{{ of('record', "'' AS column_name") }}
    UNION ALL
    {{ of('cell', 'column_name') }}{% endmacro %}
{% macro selected(q) %}
(CAST(:state AS TEXT) IS NULL OR {{ q }}state = :state)
    AND (CAST(:load_id AS TEXT) IS NULL OR {{ q }}load_id = :load_id)
    AND (CAST(:row_number AS BIGINT) IS NULL OR {{ q }}row_number = :row_number)
    AND (
        CAST(:site AS TEXT) IS NULL
        OR {{ q }}load_id IN (SELECT sent.load_id FROM received.file AS sent WHERE sent.site = :site)
    )
    AND (CAST(:source AS TEXT) IS NULL OR {{ q }}source = :source)
    AND (CAST(:feed AS TEXT) IS NULL OR {{ q }}feed = :feed)
    AND (CAST(:rule_id AS TEXT) IS NULL OR STRPOS(',' || {{ q }}rule_ids || ',', ',' || CAST(:rule_id AS TEXT) || ',') > 0)
    AND (CAST(:record_key AS TEXT) IS NULL OR {{ q }}record_key = :record_key)
{%- endmacro %}
