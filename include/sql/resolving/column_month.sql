-- The month of a row's event, null where no more than its year is known; the first day of a date that is known in part
-- stands in what was received.
{% macro month_of(contract, alias) %}
{% set month %}CAST(DATE_TRUNC('month', {{ alias }}."{{ contract.event_date }}") AS DATE){% endset %}
{% if contract.event_date in contract.partial %}CASE WHEN COALESCE({{ alias }}."{{ contract.event_date }}_precision", '') <> 'year' THEN {{ month }} END{% else %}{{ month }}{% endif %}
{% endmacro %}
