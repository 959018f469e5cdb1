"""The catalogue: thousands of scenarios from one index, and never a stale, a broken or a missing one."""

from __future__ import annotations

import json
import logging
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adapters.pack_files import OTHER, PACK, SCENARIO, pack_files, write_folder
from bowout.core.scenario import Scenario
from bowout.errors import InputError, UsageError
from bowout.storage import catalogue as module
from bowout.storage.catalogue import Catalogue
from bowout.storage.compiled import Misfit, fingerprint, from_json, to_json
from bowout.storage.pack_store import install
from bowout.storage.packs import load_pack
from shippedpacks import SCENARIOS

ROOT = Path(__file__).parents[2] / "scenarios"


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    write_folder(tmp_path / "shipped" / "zebra", pack_files())
    named = PACK.replace("id: samples", "id: essentials").replace("[one, two]", "[first]")
    files = {"pack.yaml": named.encode(), "first.yaml": SCENARIO.replace("id: one", "id: first").encode()}
    write_folder(tmp_path / "shipped" / "essentials", files)
    return tmp_path / "shipped"


@pytest.fixture
def look(tmp_path: Path, shipped: Path) -> Any:
    """A catalogue as a new process would see it."""
    return lambda: Catalogue(shipped, tmp_path / "packs", tmp_path / "cache")


@pytest.fixture
def no_yaml(monkeypatch: pytest.MonkeyPatch) -> Any:
    """From now on reading YAML is an error."""

    def forbid() -> None:
        from bowout.storage import packs, yaml_reader

        def read(*_: object) -> None:
            raise AssertionError("YAML was read")

        monkeypatch.setattr(packs, "parse_yaml", read)
        monkeypatch.setattr(yaml_reader, "parse_yaml", read)

    return forbid


def add(tmp_path: Path, pack: str, **scenarios: str) -> Path:
    """Install a pack of these scenarios."""
    text = PACK.replace("id: samples", f"id: {pack}").replace("[one, two]", f"[{', '.join(scenarios)}]")
    files = {"pack.yaml": text, **{f"{name}.yaml": content for name, content in scenarios.items()}}
    folder = write_folder(tmp_path / f"source-{pack}", {name: text.encode() for name, text in files.items()})
    return install(load_pack(folder), tmp_path / "packs")


def test_what_is_shipped_opens_without_yaml_the_second_time(look: Any, no_yaml: Any) -> None:
    first = look()
    assert [card.key for card in first.scenarios] == ["first", "one", "two"], "the essentials come first"
    want = [first.scenario(card.key) for card in first.scenarios]
    no_yaml()
    second = look()
    assert second.scenarios == first.scenarios and second.packs == first.packs
    assert [second.scenario(card.key) for card in second.scenarios] == want
    assert want[1].pack == "samples" and want[1].sha256 == second.scenarios[1].sha256


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: s.id)
def test_compiled_and_read_again_it_is_the_same(scenario: Scenario) -> None:
    assert from_json(Scenario, json.loads(json.dumps(to_json(scenario)))) == scenario


def test_every_field_survives(shipped: Path) -> None:
    """The sample has one of nearly everything; what its fields can't hold is refused."""
    scenario = load_pack(shipped / "zebra").scenarios[0]
    scenario = replace(
        scenario, required=frozenset({"ask"}), weights={"ask": 30}, targets={"words_per_minute": (None, 170.0)}
    )
    made = json.loads(json.dumps(to_json(scenario)))
    assert from_json(Scenario, made) == scenario
    for key, value in (
        ("title", 3),
        ("steps", []),
        ("difficulty", "2"),
        ("intent", "x"),
        ("nothing", 1),
        ("facts", {"a": 1}),
    ):
        with pytest.raises(Misfit):
            from_json(Scenario, {**made, key: value})
    with pytest.raises(Misfit):
        from_json(Scenario, {key: value for key, value in made.items() if key != "title"})


def test_the_fingerprint_is_the_same_in_every_process() -> None:
    import subprocess
    import sys

    code = "from bowout.storage.compiled import fingerprint; from bowout.core.scenario import Scenario\n"
    env = os.environ | {"PYTHONPATH": str(ROOT.parent / "src"), "PYTHONHASHSEED": "7"}
    done = subprocess.run(
        [sys.executable, "-c", code + "print(fingerprint(Scenario))"],
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == fingerprint(Scenario)


def test_a_pack_comes_and_goes(look: Any, tmp_path: Path) -> None:
    catalogue = look()
    assert len(catalogue.scenarios) == 3
    path = add(tmp_path, "mine", three=OTHER.replace("id: two", "id: three"))
    assert len(catalogue.scenarios) == 3, "until it looks again"
    catalogue.refresh()
    assert [card.key for card in catalogue.scenarios] == ["first", "one", "two", "three"]
    assert catalogue.scenario("three").pack == "mine"
    assert [(pack.id, pack.shipped) for pack in catalogue.packs][-1] == ("mine", False)
    path.unlink()
    assert [card.key for card in look().scenarios] == ["first", "one", "two"]
    assert len(list((tmp_path / "cache").glob("*.jsonl"))) == 1, "what nothing needs any more is gone"


def test_a_file_that_changed_is_read_again(look: Any, shipped: Path) -> None:
    assert look().scenario("one").title == "Your train is cancelled"
    path = shipped / "zebra" / "one.yaml"
    path.write_text(SCENARIO.replace("Your train is", "Your plane is"), encoding="utf-8")
    assert look().scenario("one").title == "Your plane is cancelled"
    os.utime(path, ns=(1, 1))
    assert look().scenario("one").title == "Your plane is cancelled"


def test_a_broken_pack_is_left_out_and_says_why(look: Any, tmp_path: Path, no_yaml: Any) -> None:
    good = add(tmp_path, "mine", three=OTHER.replace("id: two", "id: three"))
    add(tmp_path, "yours", four=OTHER.replace("id: two", "id: four"))
    good.write_bytes(good.read_bytes()[:-40])
    catalogue = look()
    assert [card.key for card in catalogue.scenarios] == ["first", "one", "two", "four"]
    (left,) = catalogue.left_out
    assert left.pack == "mine" and "mine.bowpack is damaged" in left.why
    no_yaml()
    assert look().left_out == [left], "it is remembered"


def test_a_pack_with_the_id_of_a_shipped_one_is_left_out(look: Any, tmp_path: Path) -> None:
    add(tmp_path, "essentials", mine=SCENARIO)
    catalogue = look()
    assert "mine" not in [card.id for card in catalogue.scenarios]
    assert "of its own" in catalogue.left_out[0].why


def test_an_id_that_two_packs_share(look: Any, tmp_path: Path) -> None:
    add(tmp_path, "mine", one=SCENARIO.replace("Your train is cancelled", "My own"))
    catalogue = look()
    assert [card.key for card in catalogue.scenarios] == ["first", "samples/one", "two", "mine/one"]
    assert catalogue.scenario("mine/one").title == "My own"
    assert catalogue.scenario("samples/one").title == "Your train is cancelled"
    assert catalogue.scenario("essentials/first").id == "first", "the pack may be named where it need not"
    with pytest.raises(UsageError, match="There are 2 scenarios “one”") as caught:
        catalogue.scenario("one")
    assert "“samples/one” or “mine/one”" in caught.value.hint
    with pytest.raises(UsageError, match="no scenario “samples/tow”") as caught:
        catalogue.scenario("samples/tow")
    assert catalogue.scenario(None).id == "first"


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"\0" * 500,
        b"{}",
        b"abc\n{}",
        "bit",
        "cut",
        "data",
        "data-gone",
        "data-other",
        "folder",
    ],
)
def test_a_damaged_cache_is_made_again(
    look: Any, tmp_path: Path, damage: bytes | str, caplog: pytest.LogCaptureFixture
) -> None:
    want = look().scenario("one")
    cache = tmp_path / "cache"
    index, (data,) = cache / module.INDEX, cache.glob("*.jsonl")
    whole = index.read_bytes()
    if isinstance(damage, bytes):
        index.write_bytes(damage)
    elif damage == "bit":
        index.write_bytes(whole.replace(b'"one"', b'"eno"'))
    elif damage == "cut":
        index.write_bytes(whole[: len(whole) // 2])
    elif damage == "data":
        data.write_bytes(data.read_bytes().replace(b"train", b"brain"))
    elif damage == "data-gone":
        data.unlink()
    elif damage == "data-other":
        data.write_bytes(b"[]\n" * 5000)
    else:
        index.unlink()
        index.mkdir()
    with caplog.at_level(logging.WARNING):
        assert look().scenario("one") == want
    if damage != b"":
        assert caplog.records or damage == b""
    if damage != "folder":
        assert look().scenario("one") == want
        assert look().scenarios == look().scenarios


def test_another_versions_index_is_not_believed(look: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    look().scenario("one")
    before = (tmp_path / "cache" / module.INDEX).read_bytes()
    monkeypatch.setattr(module, "__version__", "99.0")
    look().scenario("one")
    assert (tmp_path / "cache" / module.INDEX).read_bytes() != before


def test_without_a_place_for_the_cache_it_works(shipped: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    for _ in range(2):
        catalogue = Catalogue(shipped, tmp_path / "packs", tmp_path / "file" / "cache")
        assert catalogue.scenario("one").title == "Your train is cancelled"
        assert catalogue.scenario("first").pack == "essentials"


def test_a_pack_that_vanishes_while_it_is_open(look: Any, tmp_path: Path) -> None:
    path = add(tmp_path, "mine", three=OTHER.replace("id: two", "id: three"))
    catalogue = look()
    assert catalogue.scenario("three")
    for file in (tmp_path / "cache").glob("*.jsonl"):
        file.unlink()
    path.unlink()
    with pytest.raises(InputError, match="“mine” can't be read any more"):
        catalogue.scenario("three")


def test_nothing_at_all_is_an_incomplete_installation(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There are no scenarios"):
        _ = Catalogue(tmp_path / "none", tmp_path / "packs", tmp_path / "cache").scenarios


def test_many_are_read_from_one_file(tmp_path: Path, shipped: Path, no_yaml: Any) -> None:
    """The second look reads the index and no scenario; one that is asked for is read alone."""
    for number in range(3):
        names = {f"s{number}-{i}": SCENARIO.replace("id: one", f"id: s{number}-{i}") for i in range(20)}
        add(tmp_path, f"pack{number}", **names)
    first = Catalogue(shipped, tmp_path / "packs", tmp_path / "cache")
    assert len(first.scenarios) == 63
    no_yaml()
    opened = []

    class Watched(Catalogue):
        def _compiled_scenario(self, kept: Any) -> Scenario:
            opened.append(kept)
            return super()._compiled_scenario(kept)

    second = Watched(shipped, tmp_path / "packs", tmp_path / "cache")
    assert len(second.scenarios) == 63 and not opened
    assert second.scenario("s2-19").pack == "pack2" and len(opened) == 1
