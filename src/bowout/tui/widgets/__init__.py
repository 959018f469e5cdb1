"""Widgets that know nothing of services: data comes down, messages go up."""
