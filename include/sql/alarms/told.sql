-- What each channel knows: the last that it was told of each alarm.
SELECT
    channel,
    cause,
    source,
    subject,
    batch_date,
    state,
    told_at
FROM (
    SELECT
        channel,
        cause,
        source,
        subject,
        batch_date,
        state,
        told_at,
        ROW_NUMBER() OVER (
            PARTITION BY channel, cause, source, subject, batch_date
            ORDER BY told_at DESC
        ) AS age
    FROM ops.alarm
) AS telling
WHERE age = 1
ORDER BY channel ASC, cause ASC, batch_date ASC, source ASC, subject ASC
