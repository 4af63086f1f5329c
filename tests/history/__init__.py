"""Tests of the registry as its facts make it anew."""
