"""The guide: every page is whole, and a nervous person's words find the right one."""

from __future__ import annotations

import pytest

from bowout import paths
from bowout.cli import build_parser
from bowout.core.guide import SCREENS, Guide, Page, parse_page
from bowout.errors import InputError, UsageError
from bowout.storage.guide_files import load_guide

GUIDE = load_guide(paths.resource("guide"))
PAGES = pytest.mark.parametrize("page", GUIDE.pages, ids=lambda page: page.id)


def small(*pages: tuple[str, str]) -> Guide:
    return Guide(parse_page(name, f"---\ntitle: {title}\n---\n\nNothing.\n") for name, title in pages)


# The pages that ship.


@PAGES
def test_a_page_is_short_and_findable(page: Page) -> None:
    assert page.title and len(page.title) <= 30, "a title fits one row of the list"
    assert len(page.keywords) >= 5 and len(set(page.keywords)) == len(page.keywords)
    assert 60 <= sum(len(block.text.split()) for block in page.blocks) <= 250
    assert "**" not in page.text and "[" not in page.text
    assert GUIDE.search(page.id.replace("-", " "))[0] is page
    assert GUIDE.search(page.title)[0] is page


@PAGES
def test_links_lead_somewhere(page: Page) -> None:
    for key in page.rehearse:
        scenario = (paths.resource("scenarios") / f"{key}.yaml").read_text(encoding="utf-8")
        assert f"\nid: {key.partition('/')[2]}\n" in f"\n{scenario}"
    for key in page.see:
        assert GUIDE.page(key) is not page
    assert set(page.screens) <= set(SCREENS)
    for command in page.commands:
        program, *words = command.split()
        assert program == "bowout" and callable(build_parser().parse_args(words).func)
    assert page.rehearse or page.id == "support", "advice that can be rehearsed says where"


def test_ids_are_unique_and_every_page_is_linked_to() -> None:
    ids = [page.id for page in GUIDE.pages]
    assert len(set(ids)) == len(ids) >= 25
    linked = {key for page in GUIDE.pages for key in page.see}
    assert set(ids) - linked == {"faq"}, "the last page is for leafing"


def test_what_must_be_said_is_said() -> None:
    reporting, unsafe, support = (GUIDE.page(key).text for key in ("reporting", "unsafe", "support"))
    assert "no legal advice" in reporting and "depends on where you are" in reporting
    assert "emergency number" in unsafe and "emergency number" in support


# Finding.

ASKED = {
    "nerves": ["I'm too nervous to call", "scared of the phone call", "PANIC", "anxeity", "nerv", "hate phone calls"],
    "channel": ["should I call or email?", "can i just text them", "I don't have their phone number"],
    "offers": ["I accepted another offer", "i got another job", "i don't want the job any more"],
    "ill": ["im sick today", "woke up with a fever", "I'm ill"],
    "what-to-say": ["what do I say", "how do i say no", "first sentence"],
    "rescheduling": ["how do I reschedule", "i need a diffrent day", "resched", "can we do zoom instead"],
    "timing": ["is it too late to cancel", "interview tomorrow, how much notice", "timing"],
    "reason": ["how much detail do i have to give", "do I have to tell them why", "should i lie"],
    "pushback": ["they got angry", "he tries to talk me out of it"],
    "weak-reasons": ["i didn't prepare", "bad glassdoor reviews", "the commute is too far"],
    "good-reasons": ["what is a good excuse", "funeral", "my kid is sick"],
    "ghosting": ["can i just not show up", "I ghosted them"],
    "repair": ["I missed my interview", "i overslept", "messed up, how do I apologise"],
    "reputation": ["will they blacklist me", "is it rude to cancel"],
    "unsafe": ["he touched me", "sexual harrassment", "racist remarks", "the interviewer asked if i am pregnant"],
    "reporting": ["who do I report this to", "do i need a lawyer"],
    "leaving-early": ["how to walk out", "leave in the middle of the interview", "job is not what they advertised"],
    "relocation": ["moving abroad with my partner"],
    "visas": ["visa delayed", "they won’t sponsor me", "vis"],
    "fair-play": ["use the interview as leverage", "practice interview"],
    "writing": ["subject line", "write a withdrawal email"],
    "before-sending": ["typos"],
    "at-hand": ["templates"],
    "coming-back": ["can I apply again later", "keep in touch"],
    "afterwards": ["what now, after i cancelled", "they didn't reply"],
    "voicemail": ["nobody picks up", "answering machine"],
    "voice-and-body": ["my voice shakes", "body language"],
    "support": ["I keep cancelling interviews", "therapist"],
    "decide": ["not sure if I should go", "second thoughts"],
    "five-steps": ["where do I start"],
    "faq": ["how many times can i cancel", "doctor’s note"],
}


@pytest.mark.parametrize(("query", "page"), [(q, page) for page, queries in ASKED.items() for q in queries])
def test_what_people_type_finds_the_right_page_first(query: str, page: str) -> None:
    found = GUIDE.search(query)
    assert found[0].id == page, [p.id for p in found[:4]]


def test_nothing_finds_everything_and_nonsense_nothing() -> None:
    assert GUIDE.search("") == GUIDE.search("  ") == GUIDE.pages
    assert GUIDE.search("zzqqxx") == GUIDE.search("?!") == ()
    assert GUIDE.search("\x1b[31m\u202e nervous")[0].id == "nerves"


@pytest.mark.parametrize("query", ["sponsorship", "harassment", "voicemail", "leverage"])
def test_the_page_comes_up_while_the_word_is_being_typed(query: str) -> None:
    wanted = GUIDE.search(query)[0]
    for length in range(4, len(query)):
        assert wanted in GUIDE.search(query[:length])[:2], query[:length]


def test_a_finished_word_is_no_beginning() -> None:
    guide = small(("a", "Notes"), ("b", "Notebooks"))
    assert [p.id for p in guide.search("note")] == ["a", "b"]
    assert [p.id for p in guide.search("note ")] == ["a"]


def test_every_page_of_a_search_has_to_do_with_it() -> None:
    assert len(GUIDE.search("sponsorship")) < 5


# The format.


def test_a_page_is_parsed() -> None:
    page = parse_page(
        "07-x-y",
        "---\r\ntitle: A: b\r\nkeywords: one, two words,\r\nsee: z\r\nrehearse: p/q\r\nopen: settings\r\n"
        "commands: bowout demo\r\n---\r\n\r\nFirst\r\nline.\r\n## Head\r\n- **Bold** item\r\n- Two\r\n> Say it.\r\n",
    )
    assert (page.id, page.title, page.keywords) == ("x-y", "A: b", ("one", "two words"))
    assert (page.see, page.rehearse, page.screens, page.commands) == (("z",), ("p/q",), ("settings",), ("bowout demo",))
    assert [(b.kind, b.text) for b in page.blocks] == [
        ("text", "First line."), ("heading", "Head"), ("item", "Bold item"), ("item", "Two"), ("say", "Say it."),
    ]  # fmt: skip
    assert page.blocks[2].runs == (("Bold", True), (" item", False))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "does not begin"),
        ("# Title\n", "does not begin"),
        ("---\ntitle: x\n", "does not begin"),
        ("---\nkeywords: x\n---\n", "no title"),
        ("---\ntitle: x\ntitle: y\n---\n", "says nothing: “title: y”"),
        ("---\ntitle: x\ncolour: red\n---\n", "says nothing"),
    ],
)
def test_what_is_no_page_is_refused(text: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        parse_page("p", text)


def test_an_unknown_page_has_a_suggestion() -> None:
    with pytest.raises(UsageError) as caught:
        GUIDE.page("timming")
    assert "timing" in caught.value.hint
