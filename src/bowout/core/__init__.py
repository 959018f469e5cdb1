"""The rules of a rehearsal: no device, no file, no clock, no network, no screen."""
