"""What the ear is taught."""

from __future__ import annotations

from ops.learning import misspelled
from voice.understanding.lessons import Lesson


def test_some_lessons_are_taught_again_misspelled_and_mean_the_same() -> None:
    lessons = [Lesson(f"she never listens to anybody in number {number}", harm=False, stance="worry") for number in range(40)]
    again = list(misspelled(lessons))
    assert again == list(misspelled(lessons))
    assert 0 < len(again) < len(lessons) / 2
    assert all((lesson.harm, lesson.stance) == (False, "worry") for lesson in again)
    assert all(len(lesson.text.split()) == 8 for lesson in again)
    assert {lesson.text for lesson in again} - {lesson.text for lesson in lessons}


def test_short_words_and_first_letters_stay_and_others_slip() -> None:
    texts = {lesson.text for lesson in misspelled([Lesson("he is in my bedroom", harm=True)] * 400)}
    assert all(text.startswith("he is in my b") for text in texts)
    assert len(texts) > len("bedroom"), "letters change places, are left out and come twice, at every place"
