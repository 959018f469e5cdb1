"""One module a screen. They are imported when they are opened, so that Home is painted at once."""
