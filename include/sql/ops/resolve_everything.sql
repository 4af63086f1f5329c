-- What a row's fate is may be another with the files of this version.
INSERT INTO resolved.due (feed)
SELECT n.feed
FROM (
{% for contract in feeds %}
    SELECT '{{ contract.feed }}' AS feed
    {% if not loop.last %}UNION ALL{% endif %}

{% endfor %}
) AS n
WHERE
    n.feed IN (SELECT r.feed FROM resolved.reading AS r)
    AND NOT EXISTS (
        SELECT 1
        FROM resolved.due AS d
        WHERE d.feed = n.feed AND d.patient_id IS NULL
    )
