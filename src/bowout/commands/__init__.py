"""The commands of ``bowout``. Importing one is cheap; what it needs is imported when it runs."""
