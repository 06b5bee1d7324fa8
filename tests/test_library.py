"""The library reads what people edit, lets their files win, and says what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from replykit import ReplyKit
from replykit.errors import LibraryError
from replykit.formats import sections, variants
from replykit.library import Library
from replykit.plan import verify_conditions

STRATEGY = """---
title: Offer a cup of tea
sources: [{article: "001", heading: Tea}]
condition: always
kinds: [reply]
order: 1
needs: [item]
---
# Instruction
Offer tea.
# Offline
- Would you like a cup of tea while we look at {{ item }}?
# Why
Tea helps.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "strategies").mkdir()
    (tmp_path / "rules").mkdir()
    return tmp_path


def refusal(folder: Path) -> str:
    """What the library says when it refuses a folder."""
    with pytest.raises(LibraryError) as caught:
        verify_conditions(Library.load(folder))
    return str(caught.value)


def test_a_new_file_adds_a_strategy(folder):
    """A strategy in a folder of one's own stands beside the shipped ones."""
    (folder / "strategies" / "offer-tea.md.j2").write_text(STRATEGY, encoding="utf-8")
    shipped, own = Library.load(), Library.load(folder)
    assert set(own.strategies) - set(shipped.strategies) == {"offer-tea"}


def test_a_file_of_the_same_name_wins(folder):
    """A file at the same path replaces the shipped one as a whole."""
    (folder / "strategies" / "no-blame.md.j2").write_text(STRATEGY, encoding="utf-8")
    assert Library.load(folder).strategies["no-blame"].title == "Offer a cup of tea"


def test_the_version_changes_with_the_wording(folder):
    """Another wording gives another library version, so that a stored draft can be explained."""
    (folder / "strategies" / "offer-tea.md.j2").write_text(STRATEGY, encoding="utf-8")
    assert Library.load(folder).version != Library.load().version


def test_a_missing_folder_is_named():
    """A folder that does not exist is refused by its name."""
    with pytest.raises(LibraryError, match=r"nowhere: is not a folder; give a folder shaped like prompts/"):
        Library.load("nowhere")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("title: Offer a cup of tea\n", ""), "title: is missing; add it"),
        (("order: 1", "ordre: 1"), "ordre: is not a known key; did you mean order? known keys here: "),
        (("needs: [item]", "needs: []"), "needs: the text uses item; list it under needs, or mend the name"),
        (("needs: [item]", "needs: [item, name]"), "needs: lists name, which the text does not use; remove it"),
        (("# Why\nTea helps.\n", ""), "Why: the section `# Why` is missing; add it"),
        (("- Would", "Would"), "Offline: has no wording; each wording begins with `- `"),
        (("---\ntitle", "title"), "needs YAML front matter between two `---` lines at the top"),
        (("sources: [", "sources: [["), "is not valid YAML"),
        (("{{ item }}", "{{ item"), "line 1 of a wording: "),
        (("order: 1", "order: 1\nwhen: [{mood: blue}]"), "when: asks about mood; a condition may ask: "),
        (("order: 1", "order: 1\nexcludes: [biscuits]"), "excludes: names biscuits, which is no strategy; known: "),
        (("kinds: [reply]", "kinds: [letter]"), "kinds.0: Input should be "),
    ],
)
def test_a_broken_strategy_names_file_key_and_remedy(folder, change, message):
    """Whatever is wrong in a strategy file, the refusal names the file, the key and what to do."""
    path = folder / "strategies" / "offer-tea.md.j2"
    path.write_text(STRATEGY.replace(*change), encoding="utf-8")
    said = refusal(folder)
    assert said.startswith(f"{path}: ")
    assert message in said


def test_another_encoding_is_named(folder):
    """A file that is not UTF-8 is refused with the place and the remedy."""
    path = folder / "strategies" / "offer-tea.md.j2"
    path.write_bytes(STRATEGY.replace("tea", "thé").encode("latin-1"))
    assert "is not UTF-8 (byte " in refusal(folder)
    assert "save it as UTF-8" in refusal(folder)


def test_a_value_never_becomes_a_template():
    """What a customer writes in template syntax comes out as it went in."""
    library = Library.load()
    assert (
        library.fill("You wrote: {{ text }}", "x", {"text": "{{ 7 * 7 }}{% for x in y %}"})
        == "You wrote: {{ 7 * 7 }}{% for x in y %}"
    )


def test_a_value_cannot_open_a_section():
    """Sections are split on the source before any value is filled in."""
    assert sections("# System\n{{ text }}\n# User\nhello", "x") == {"System": "{{ text }}", "User": "hello"}


def test_an_unknown_value_is_an_error():
    """A misspelt value is refused, never printed as nothing."""
    with pytest.raises(LibraryError, match=r"x: 'tme' is undefined; check the spelling of the value"):
        Library.load().fill("{{ tme }}", "x", {"time": "now"})


def test_wordings_are_read_by_channel():
    """Wordings under a channel's heading belong to it, the others to any."""
    assert variants("- one\n- two\n  lines\n\n## chat\n- short", "x") == {
        "any": ("one", "two\nlines"),
        "chat": ("short",),
    }


@pytest.mark.parametrize("name", Library.load().files("", ".yaml"))
def test_a_shipped_file_reads_the_same_without_the_c_loader(name):
    """Some platforms lack the fast YAML loader, which lets pass what the plain one refuses."""
    library = Library.load()
    assert yaml.safe_load(library.text(name)) == library.data(name)


@pytest.mark.parametrize(
    ("shipped", "own", "message"),
    [
        ("our_notes:", "my_notes:", "our_notes: is missing; copy it from the shipped file"),
        ("- decide this myself", "decide this myself", "decide_alone: has to be a list of one wording or more"),
        ("{{ contact }}", "{{ kontakt }}", "reached_directly: 'kontakt' is undefined; check the spelling"),
    ],
)
def test_a_broken_phrase_names_file_and_key(folder, shipped, own, message):
    """Whatever is wrong in a file of phrases, the kit refuses it at the start by file and key."""
    path = folder / "phrases.yaml"
    path.write_text(Library.load().text("phrases.yaml").replace(shipped, own), encoding="utf-8")
    with pytest.raises(LibraryError) as caught:
        ReplyKit(prompts=folder)
    assert str(caught.value).startswith(f"{path}: {message}")
