"""Words are cut and folded alike, whoever wrote them and whoever seeks them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutelage.core.search import kept, keys, terms
from tutelage.core.text import PREFIX_FROM, fold, hits, longest_kept, words_of


def found(text: str, *sought: str) -> list[str]:
    return [text[start:end] for start, end in hits(text, sought)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Résumé, café!", ["resume", "cafe"]),
        ("e-mail_to x3", ["e", "mail", "to", "x3"]),
        ("STRASSE Straße", ["strasse", "strasse"]),
        ("  …  ", []),
        ("x" * 100_000, ["x" * 64]),
    ],
)
def test_words_are_folded_and_cut_at_what_is_no_letter(text: str, words: list[str]) -> None:
    assert words_of(text) == words


def test_from_three_letters_on_a_word_finds_what_begins_with_it() -> None:
    assert found("The interview, or INTERVIEWS", "interv") == ["interv", "INTERV"]
    assert found("In inns", "in") == ["In"]
    assert found("a reinterview", "interv") == []


def test_a_hit_is_marked_in_the_text_as_it_was_written() -> None:
    assert found("Ein Café und Cafés", "cafe") == ["Café", "Café"]
    assert found("Die Straße", "stras") == ["Straß"]
    assert found("zoe\u0308 x", "zoe") == ["zoe"]


@given(st.text(max_size=50), st.lists(st.text(min_size=1, max_size=5), max_size=3))
def test_hits_are_in_order_and_never_overlap(text: str, sought: list[str]) -> None:
    ends = [edge for hit in hits(text, [fold(each) for each in sought]) for edge in hit]
    assert ends == sorted(ends)
    assert all(0 <= edge <= len(text) for edge in ends)


@given(st.text(max_size=200))
def test_words_hold_nothing_that_a_search_could_stumble_over(text: str) -> None:
    assert all(word.isalnum() and len(word) <= 64 for word in words_of(text))


def test_words_of_three_letters_and_more_are_sought_as_beginnings() -> None:
    assert terms(["in", "the"]) == "'in' & 'the':*"


def test_the_index_is_asked_for_what_is_kept_and_whose_it_is() -> None:
    assert keys(["in", "held", "chapters"], "~7") == "'in' & 'hel' & 'chapter' & '~7'"


@given(st.text(alphabet="ab", min_size=1, max_size=9), st.integers(min_value=1, max_value=9))
def test_what_begins_a_word_is_under_a_key_of_it(word: str, length: int) -> None:
    sought = word[:length]
    found_by_key = longest_kept(sought) in kept([word])
    assert found_by_key == (sought == word or len(sought) >= PREFIX_FROM)
