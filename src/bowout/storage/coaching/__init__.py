"""Assignments, results and answers as files; the coach's folder and the learner's."""
