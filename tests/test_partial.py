"""JSON as models write it, in pieces and with noise around it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replykit.partial import Fields, afields_from, fields_from, object_of, storable
from replykit.types import Answer

TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS, lambda v: st.lists(v) | st.dictionaries(TEXTS, v), max_leaves=8
)


@given(st.dictionaries(TEXTS, TEXTS), st.integers(1, 9), st.booleans())
def test_fields_come_out_whole_however_the_answer_is_cut(fields: dict[str, str], size: int, ascii_only: bool):
    """Every field is yielded once, complete and in order, wherever the pieces end, in the middle of an escape too."""
    text = json.dumps(fields, ensure_ascii=ascii_only)
    pieces = [text[i : i + size] for i in range(0, len(text), size)]
    assert list(fields_from(pieces)) == list(fields.items())


@given(st.dictionaries(TEXTS, VALUES))
def test_a_whole_object_is_read_as_json_reads_it(fields: dict[str, object]):
    """Without noise and cuts there is no difference to the standard library."""
    assert object_of(json.dumps(fields)) == fields


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str):
    """Whatever a model writes, reading it does not fail, and what comes out can be stored."""
    json.dumps(object_of("{" + text), ensure_ascii=False).encode()


@given(st.dictionaries(TEXTS, TEXTS, min_size=1), st.data())
def test_what_was_complete_survives_a_cut(fields: dict[str, str], data: st.DataObject):
    """An answer that was cut off yields only true fields of the whole, from the first on."""
    text = json.dumps(fields)
    kept = object_of(text[: data.draw(st.integers(0, len(text)))])
    assert list(kept.items()) == list(fields.items())[: len(kept)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"a": "x", "b": [{"c": 1}, {"c": 2}, {"c"', {"a": "x", "b": [{"c": 1}, {"c": 2}]}),
        ('{"b": ["y", "z', {"b": ["y"]}),
        ('{"b": [', {"b": []}),
        ('{"b": [1, 2], "c": [', {"b": [1, 2], "c": []}),
    ],
)
def test_a_list_that_was_cut_keeps_its_complete_items(text: str, found: dict[str, object]):
    """What a list held before the cut is not lost."""
    assert object_of(text) == found


def test_a_field_is_there_as_soon_as_it_is_complete():
    """The first field is not held back until the second is finished."""
    fields = Fields()
    assert fields.feed('{"opening": "Good mor') == []
    assert fields.feed('ning", "closing": "B') == [("opening", "Good morning")]
    assert fields.feed('ye"}') == [("closing", "Bye")]


@pytest.mark.parametrize(
    "text",
    [
        '```json\n{"a": "x", "b": "y"}\n```',
        'Here is the reply you asked for:\n\n{"a": "x", "b": "y"}\n\nI hope that it helps!',
        '<think>I could write {"a": "wrong"}</think>{"a": "x", "b": "y"}',
        '{"a": "x", "b": "y", "a": "again"}',
        '{"a": "x", "b": "y",}',
        '{"a": "x", "b": "y"',
        '[{"a": "x", "b": "y"}]',
    ],
)
def test_noise_around_the_object_does_not_matter(text: str):
    """Fences, remarks, thoughts, repeated keys and missing ends are read past."""
    assert object_of(text) == {"a": "x", "b": "y"}


@pytest.mark.parametrize(
    ("raw", "meant"),
    [
        (r'{"a": "it\'s"}', r"it\'s"),
        (r'{"a": "a\\qb"}', r"a\qb"),
        (r'{"a": "C:\quay"}', r"C:\quay"),
        ('{"a": "two\nlines"}', "two\nlines"),
        (r'{"a": "half \ud83d of a face"}', "half \ufffd of a face"),
        (r'{"a": "whole \ud83d\ude00 face"}', "whole 😀 face"),
        (r'{"a": "no\u0000thing\u0007"}', "nothing"),
    ],
)
def test_broken_escapes_are_taken_literally(raw: str, meant: str):
    """Escapes that JSON does not know stay as written, and what no file can hold is taken out."""
    assert object_of(raw) == {"a": meant}


@pytest.mark.parametrize(
    "text", ["", "no object", "<think>for ever", '{"a" "x"}', "{a: 1}", "{" * 5000, '{"a": {' + "[" * 50_000]
)
def test_where_there_is_no_object_there_are_no_fields(text: str):
    """Prose, unfinished thoughts and nonsense hold no fields."""
    assert object_of(text) == {}


def test_only_texts_are_streamed_and_the_answer_at_the_end_is_passed_over():
    """A stream of fields skips numbers, lists and the whole answer that ends a stream of pieces."""
    pieces = ['{"n": 1, "a": "x",', ' "l": ["y"]}', Answer(text='{"z": "z"}')]
    assert list(fields_from(pieces)) == [("a", "x")]


def test_an_event_loop_gets_the_same_fields():
    """The asynchronous reader yields what the other one does."""

    async def pieces() -> AsyncIterator[str]:
        for piece in ('{"a": "x', '", "b"', ': "y"}'):
            yield piece

    async def collect() -> list[tuple[str, str]]:
        return [field async for field in afields_from(pieces())]

    assert asyncio.run(collect()) == [("a", "x"), ("b", "y")]


@given(st.text(st.characters(categories=("Cs", "Ll", "Cc"))))
def test_storable_text_can_be_stored(text: str):
    """Halves of characters are replaced, so that the text can be encoded."""
    storable(text).encode()
