"""Adapters for ears, voices, microphones and loudspeakers, and the fakes that stand in for them."""
