"""FHIR R4: what of a resource becomes a row."""
