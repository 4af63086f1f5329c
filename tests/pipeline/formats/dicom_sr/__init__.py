"""DICOM SR: what of a measurement report becomes a row."""
