"""The ears that the contract suite runs on, and the line at the end that names them."""

from __future__ import annotations

import ears_report

pytest_terminal_summary = ears_report.pytest_terminal_summary
