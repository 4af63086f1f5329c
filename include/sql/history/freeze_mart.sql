COPY (
    SELECT {{ columns | join(", ") }}
    FROM {{ table }}
    ORDER BY ALL
) TO '{{ file }}' (FORMAT parquet)
