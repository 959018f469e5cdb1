"""The plan until the real call: one small file, readable by the user alone, replaced whole."""

from __future__ import annotations

import json
from pathlib import Path

from bowout.core.plan import SCHEMA, Plan
from bowout.errors import InputError
from bowout.storage.atomic import disk_error, write_atomic

MOST_BYTES = 64 * 1024
"""A plan has about 200."""
_ASIDE = ".unreadable"


class FilePlans:
    """The ``Plans`` of the program. Any thread may call any method."""

    def __init__(self, path: Path) -> None:
        """
        Args:
            path: ``data_dir() / "plan.json"``; its folder is made, user-only, when something is written.
        """
        self._path = path

    def load(self) -> Plan | None:
        """The plan, or ``None`` if there is none.

        Raises:
            InputError: the file can't be used. One that is damaged has been put aside under another name, so that the
                next call finds no plan; one of a newer version stays where it is.
        """
        try:
            with self._path.open("rb") as file:
                data = file.read(MOST_BYTES + 1)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise InputError(
                f"{self._path} can't be read: {error.strerror or error}.", "Check what it is and who owns it."
            ) from error
        try:
            if len(data) > MOST_BYTES:
                raise InputError("It is too large for a plan.")
            value = json.loads(data.decode("utf-8"))
            if isinstance(value, dict) and isinstance(value.get("schema"), int) and value["schema"] > SCHEMA:
                raise _Newer(f"The plan was written by a newer version ({self._path}).", "Update bowout.")
            if not isinstance(value, dict) or value.get("schema") != SCHEMA:
                raise InputError("It is no plan.")
            return Plan.from_json(value)
        except _Newer:
            raise
        except InputError as error:
            raise self._put_aside(error.message) from error
        except (ValueError, RecursionError) as error:
            raise self._put_aside("It is not JSON in UTF-8.") from error

    def keep(self, plan: Plan) -> None:
        """Replace the plan. Raises ``BowoutError``; the old one then stands."""
        write_atomic(self._path, (json.dumps(plan.as_json(), indent=2) + "\n").encode("ascii"))

    def drop(self) -> None:
        """There is no plan any more. Raises ``BowoutError`` if it is still there."""
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            raise disk_error(error, self._path) from error

    def _put_aside(self, why: str) -> InputError:
        """Nothing is deleted: somebody may want to look at it."""
        message = f"The plan could not be read: {why}"
        for number in range(1, 1000):
            aside = self._path.with_name(f"{self._path.stem}{_ASIDE}{'' if number == 1 else f'-{number}'}.json")
            if not aside.exists():
                break
        try:
            self._path.rename(aside)
        except OSError as error:
            return InputError(message, f"It stays where it is, for its folder can't be written: {error.strerror}.")
        return InputError(message, f"It lies beside as {aside.name}. Make a new one: bowout plan, or F8.")


class _Newer(InputError):
    """Nothing is wrong with it."""


__all__ = ["MOST_BYTES", "FilePlans"]
