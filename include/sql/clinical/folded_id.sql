-- What is left of patient_id without blanks, zero-width characters, case, and the `.0` of a number that a spreadsheet has
-- read. PostgreSQL lowers ASCII alone in this collation, so letters of Latin-1 are lowered by hand.
REGEXP_REPLACE(
    TRANSLATE(
        LOWER(patient_id),
        'ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞ '
        {% for code in [9, 10, 11, 12, 13, 133, 160, 173, 5760, 6158, 8232, 8233, 8239, 8287, 8288, 12288, 65279] %}
        || CHR({{ code }})
        {% endfor %}
        {% for code in range(8192, 8208) %}
        || CHR({{ code }})
        {% endfor %},
        'àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþ'
    ),
    '[.]0$', ''
)
