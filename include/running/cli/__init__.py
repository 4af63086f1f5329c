"""The command line `./registry`."""
