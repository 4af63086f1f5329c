-- What is left of patient_id without blanks, zero-width characters, case, and the `.0` of a number that a spreadsheet has
-- read. PostgreSQL lowers ASCII alone in this collation, so letters of Latin-1 are lowered by hand. Most ids are ASCII,
-- and DuckDB takes ten times as long for the long list.
{% macro chars(codes) %}
{% for code in codes %}
            || CHR({{ code }})
{% endfor %}
{% endmacro %}
{% set ascii = range(9, 14) | list %}
{% set others = [133, 160, 173, 5760, 6158, 8232, 8233, 8239, 8287, 8288, 12288, 65279] + range(8192, 8208) | list %}
REGEXP_REPLACE(
    CASE
        WHEN BIT_LENGTH(patient_id) = 8 * LENGTH(patient_id)
            THEN TRANSLATE(LOWER(patient_id), ' '{{ chars(ascii) }}, '')
        ELSE TRANSLATE(
            LOWER(patient_id),
            'ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞ '{{ chars(ascii + others) }},
            'àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþ'
        )
    END,
    '[.]0$', ''
)
