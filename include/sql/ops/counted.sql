-- noqa: disable=LT02
{% macro event_day(contract, of) %}
{% if contract.event_date %}CAST({{ of }}"{{ contract.event_date }}" AS DATE){% else %}CAST(NULL AS DATE){% endif %}
{% endmacro %}
-- Rows counted by some columns: records, key items that they have of those that they are to have, and by other
-- columns the events of each day.
{% macro counted(contract, rows, by, by_first) %}
SELECT
    {{ by | join(",\n    ") }},
    what.what,
    CAST(NULL AS DATE) AS event_date,
    CASE what.what
        WHEN 'records' THEN records
    {% for item in contract.key_items %}
        WHEN 'completeness_{{ item.name }}' THEN "{{ item.name }}_known"
    {% endfor %}
    END AS numerator,
    CASE what.what
        WHEN 'records' THEN records
    {% for item in contract.key_items %}
        WHEN 'completeness_{{ item.name }}' THEN "{{ item.name }}_due"
    {% endfor %}
    END AS denominator
FROM (
    SELECT
        {{ by | join(",\n        ") }},
        {% for item in contract.key_items %}
        {% set due %}CASE WHEN is_record AND {{ item.when }} THEN 1 ELSE 0 END{% endset %}
        CAST(SUM({{ due }}) AS BIGINT) AS "{{ item.name }}_due",
        CAST(SUM(
            CASE WHEN "{{ item.name }}" IS NOT NULL{% if item.unknown %} AND "{{ item.name }}" <> '{{ item.unknown }}'{% endif %} THEN {{ due }} ELSE 0 END
        ) AS BIGINT) AS "{{ item.name }}_known",
        {% endfor %}
        CAST(SUM(CASE WHEN is_record THEN 1 ELSE 0 END) AS BIGINT) AS records
    FROM {{ rows }}
    GROUP BY {{ by | join(", ") }}
) AS counted
CROSS JOIN (
    VALUES ('records'){% for item in contract.key_items %}, ('completeness_{{ item.name }}'){% endfor %}

) AS what (what)
{% if contract.event_date %}
UNION ALL
SELECT
    {{ by_first | join(",\n    ") }},
    'events' AS what,
    event_date,
    COUNT(*) AS numerator,
    COUNT(*) AS denominator
FROM {{ rows }}
WHERE is_event AND event_date IS NOT NULL
GROUP BY {{ by_first | join(", ") }}, event_date
{% endif %}
{% endmacro %}
