-- Whether a valid final version of the key's owner is earlier.
        MAX(CASE WHEN validity = 'valid' AND is_of_owner AND status IN ('final', 'corrected') THEN 1 ELSE 0 END)
            OVER (PARTITION BY record_key ORDER BY version_order ASC)
