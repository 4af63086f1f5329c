(
    r.outcome = 'received'
    OR r.load_id IN (SELECT e.load_id FROM received.reading AS e WHERE e.reading < r.reading AND e.outcome = 'received')
)
