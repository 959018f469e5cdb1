"""Deleting the sound of old calls, by a policy; and what else is tidied when the trainer starts."""

from __future__ import annotations

from collections.abc import Iterable, Set
from typing import TYPE_CHECKING

from bowout.core.retention import Policy, too_many
from bowout.errors import InputError

if TYPE_CHECKING:
    from bowout.ports import AttemptSummary
    from bowout.rehearsal.services import Services


def prunable(services: Services, policy: Policy) -> list[AttemptSummary]:
    """The attempts whose recording the policy does not keep, oldest first. Reads the disk."""
    if policy.keeps_all:
        return []
    attempts = {each.id: each for each in services.records.list()}
    drills = {drill.key: drill for drill in services.drills} if policy.best_and_last else {}
    going = too_many(attempts.values(), policy, services.now(), _handed_in(services, attempts.values()), drills)
    return [attempts[id_] for id_ in going]


def prune(services: Services, policy: Policy) -> list[AttemptSummary]:
    """Delete those recordings; words and marks stay. Which they were. Raises ``BowoutError`` if one can't be."""
    gone = []
    for each in prunable(services, policy):
        try:
            services.records.drop_audio(each.id)
        except InputError:
            continue  # the whole call was deleted this moment
        gone.append(each)
    return gone


def tidy(services: Services) -> None:
    """What is to be done once at the start of the trainer, in a thread: take up drafts, make sure of the list, and
    delete recordings that have served or are older than the settings keep them. Raises ``BowoutError`` if the disk
    refuses."""
    services.drafts.tidy()
    services.records.verify()
    # Those whose review was closed by a program that died before it could delete them.
    services.records.drop_reviewed_audio()
    prune(services, Policy(services.settings.keep_audio_days))


def _handed_in(services: Services, attempts: Iterable[AttemptSummary]) -> Set[str]:
    """Ids of the assignments that are over for the user: handed in, or withdrawn."""
    if not any(each.assignment and each.audio for each in attempts):
        return frozenset()
    return {held.assignment.id for held in services.learner.list() if held.submissions or held.withdrawn is not None}


__all__ = ["prunable", "prune", "tidy"]
