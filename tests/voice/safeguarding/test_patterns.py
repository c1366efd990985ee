"""A pattern finds what there is, also where something harmless lies across it."""

from __future__ import annotations

import pytest

from voice.safeguarding.families import MOST_LOOKS, MOST_MATCHES, Pattern, Span
from voice.safeguarding.normalise import Plain
from voice.safeguarding.phrases import either, read_phrase

HITS = Pattern(either([read_phrase("(he|dad) ~3 hits me", {}, str.split)]))


def plain(text: str) -> Plain:
    sentences = [sentence.split() for sentence in text.split(". ")]
    ends = [sum(len(words) for words in sentences[: number + 1]) - 1 for number in range(len(sentences))]
    return Plain(tuple(word for words in sentences for word in words), frozenset(ends))


def test_what_is_spared_does_not_hide_what_begins_inside_it() -> None:
    said = plain("he plays and dad hits me")
    assert list(HITS.spans(said)) == [Span(0, 5)]
    assert list(HITS.spans(said, lambda: [Span(0, 1)])) == [Span(3, 5)]


def test_where_all_of_it_is_spared_nothing_is_found() -> None:
    assert list(HITS.spans(plain("he plays and dad hits me"), lambda: [Span(5, 5)])) == []


def test_what_is_spared_is_only_asked_for_when_there_is_a_match() -> None:
    assert list(HITS.spans(plain("nothing of the kind"), lambda: pytest.fail("asked"))) == []


def test_a_match_behind_many_that_are_spared_is_found_and_the_work_is_bounded() -> None:
    def beginning(count: int) -> list[Span]:
        said = plain("he hits me " * count + "dad hits me")
        return list(HITS.spans(said, lambda: [Span(0, 3 * count - 1)]))

    assert beginning(MOST_MATCHES + 1) == [Span(3 * (MOST_MATCHES + 1), 3 * (MOST_MATCHES + 1) + 2)]
    assert beginning(MOST_LOOKS) == []


def test_an_exception_ends_with_its_sentence() -> None:
    assert HITS.spans_in_sentences(plain("dad hits me")) == (Span(0, 2),)
    assert HITS.spans_in_sentences(plain("dad hits. me and you")) == ()
