"""A scenario that uses the whole format, as its author would write it, and a reader for it."""

from __future__ import annotations

from bowout.core import scenario as scenarios
from bowout.core.document import Problems
from bowout.core.scenario import Scenario
from bowout.storage.packs import parse_yaml

FULL = """\
schema: 1
id: a-break-first
version: 2
title: A break first
intent: leave
channel: phone
difficulty: 3
tags: [pause, desk]
brief: {you: "You are {caller}.", them: "{contact} of {company}.", situation: "It is {interview}."}
persona: {name: Ines Roth, words_per_minute: 160}
people:
  desk: {name: Front desk, voice: en-gb, words_per_minute: 180}
facts:
  caller: Sam Lee
  contact: Ines Roth
  company: Northwind
  role: site planner
  reason: I don't think this role is the right fit for me
  reason_written: "{reason}"
times: {interview: today 11:00}
script: ["{contact}, could we take a short break?"]
call:
  start: desk
  steps:
    desk:
      say: ["Northwind, front desk.", "Front desk of Northwind."]
      by: desk
      listen: {silence_s: 1, no_speech_s: 5, max_turn_s: 20}
      next:
        - {cue: ["wrong number"], go: wrong}
        - {silence: true, visits: 2, go: nobody}
        - {silence: true, go: desk}
        - {go: room}
    wrong:
      say: ["No harm done. Try again."]
      by: desk
      next: [{go: redial}]
    redial:
      say: ["Northwind, Ines Roth."]
      ring: true
      next: [{go: room}]
    room:
      say: ["Ines Roth. Shall we go on with the targets?"]
      wait_s: 2
      asks: [pause]
      pushback: plan
      hint: "Ask for a break, {caller}."
      next:
        - {heard: [ask, thanks], go: bye}
        - {heard: [pause], go: after}
        - {missing: [pause], question: true, go: after}
        - {faults: [negativity], go: nobody}
        - {go: after}
    after:
      say: ["So, shall we go on?"]
      beep: true
      next: [{heard: [ask, thanks], go: bye}, {visits: 2, go: nobody}, {go: after}]
    bye: {say: ["Goodbye, then."], end: left}
    nobody: {say: ["Hello? I will hang up now."], end: lost}
outcomes:
  left: {says: "You left {company} in good order.", good: true}
  lost: {says: "Nobody heard you.", good: false}
checklist:
  required: [ask, reason, thanks, pause]
  weights: {ask: 30, pause: 20}
  targets: {words_per_minute: [100, 170], longest_pause_s: [-, 3.5]}
  cues: {reason: ["mercur* (is|was) in ..2 house"], negativity: ["what a circus"]}
items:
  pause:
    question: Asks for a short break?
    say: "Could we take a short break, {contact}?"
    patterns:
      - "(could|can|may) (we|i) (take|have) a? ..2 (break|pause)"
      - "! no break"
    met:
      - Could we take a break?
      - May I have a short break, please?
      - Can we have a pause?
      - Sorry, could I take a little break now?
      - Can I have a break?
    not_met:
      - I broke my arm.
      - Give me a break!
      - There was no break.
      - We paused there.
      - Can we take no break today?
limits: {green_s: 30, red_s: 60, turns: 6}
model_answer:
  - "Hello, this is {caller}, for {contact} please."
  - "{contact}, could we take a short break?"
  - "Thank you for your time. I don't think this role is the right fit for me, so I'd like to end the interview here."
weak_answer:
  say: ["Hello.", "What a circus. I want to stop this interview."]
  faults: [negativity]
follow_up: after_leaving
"""


def read(text: str) -> tuple[Scenario | None, list[str]]:
    """The scenario, and every problem as it is printed."""
    problems = Problems("s.yaml")
    node = parse_yaml(text, problems)
    made = scenarios.read(node, problems) if node is not None else None
    return made, [str(problem) for problem in problems.found]


def full() -> Scenario:
    """The scenario above."""
    made, problems = read(FULL)
    assert made is not None, problems
    return made
