-- What is left of patient_id without blanks, zero-width characters, quotes, case, the zeros before a number and the `.0`
-- behind it that a spreadsheet takes and adds; dashes and wide digits are those of ASCII. PostgreSQL lowers ASCII alone in
-- this collation, so letters of Latin-1 are lowered by hand. Most ids are ASCII, and DuckDB takes ten times as long for the
-- long list.
{% macro chars(codes) %}
{% for code in codes %}
            || CHR({{ code }})
{% endfor %}
{% endmacro %}
{% set ascii = range(9, 14) | list %}
{% set others = [133, 160, 173, 5760, 6158, 8232, 8233, 8239, 8287, 8288, 12288, 65279] + range(8192, 8208) | list %}
REGEXP_REPLACE(REGEXP_REPLACE(
    CASE
        WHEN BIT_LENGTH(patient_id) = 8 * LENGTH(patient_id)
            THEN TRANSLATE(LOWER(patient_id), ' "='''{{ chars(ascii) }}, '')
        ELSE TRANSLATE(
            LOWER(patient_id),
            'ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞ‐‑‒–—−０１２３４５６７８９ "=''’'{{ chars(ascii + others) }},
            'àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþ------0123456789'
        )
    END,
    '[.,]0+$', ''
), '(^|:)0+([0-9])', '\1\2')
