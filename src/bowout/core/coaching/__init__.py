"""Coaching without a server: what is asked, what is sent back, what is answered. Pure types and rules.

``terms`` what a coach asks · ``takes`` what of it was done · ``result`` what is sent · ``answer`` what comes back ·
``roster`` who is in a class · ``standing`` who has sent what. Files and keys are in ``bowout.storage.coaching``.
"""
