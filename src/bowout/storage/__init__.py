"""Adapters for what is kept on disk: attempts, settings, scenario packs."""
