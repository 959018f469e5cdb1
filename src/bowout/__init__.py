"""Bow Out: rehearse aloud how to get out of a job interview, privately and offline."""

__version__ = "0.1.0"
