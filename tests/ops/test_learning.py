"""What the ear is taught."""

from __future__ import annotations

import numpy as np

from ops.learning import misspelled
from ops.learning_closely import among_small_talk
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


def test_some_of_what_is_doubtful_is_heard_again_between_short_harmless_lines_while_it_stays_short() -> None:
    groups = [[["he", "hits", "me"]], [["tea", "was", "nice"]], [["word"] * 44], [["a"] * 20], [["the", "dog"]]]
    harm = np.array([0.5, -5, 0.1, -6, -4], dtype=np.float32)
    again, texts = among_small_talk(groups, harm, np.array([0, 2, 0, 0]))
    assert again.tolist() == [0, 0, 0]
    # longer harmless lines are no small talk
    assert all(len(text.split()) <= 3 + 2 * 3 for text in texts)
    assert all("he hits me" in text.removeprefix("tea was nice ").removeprefix("the dog ")[:10] for text in texts)
