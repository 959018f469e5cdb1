"""The trainer on the terminal (Textual)."""
