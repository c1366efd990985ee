import pytest

from voice.safeguarding.screen import Level, Screen

DISGUISES = {
    "capitals": "I WANT TO DIE",
    "zero-width letters inside": "i wa\u200bnt to d\u200die",
    "a right-to-left mark": "\u202ei want to die\u202c",
    "full-width letters": "ｉ ｗａｎｔ ｔｏ ｄｉｅ",
    "mathematical letters": "𝓲 𝔀𝓪𝓷𝓽 𝓽𝓸 𝓭𝓲𝓮",
    "Cyrillic lookalikes": "і wаnt tо dіе",
    "digits for letters": "i w4nt t0 d1e",
    "stretched letters": "i waaaant to dieeeee",
    "letters written apart": "i w a n t t o d i e",
    "dots between letters": "i want to d.i.e",
    "text-speak": "i wanna die",
    "a star": "i want to d*e",
    "piled-up accents": "i wa\u0301\u0302\u0303nt to di\u0336e",
    "a new line after each word": "i\nwant\nto\ndie",
    "many spaces": "i    want  \t to   die",
    "a leading slash": "/i want to die",
    "a JSON dress": '{"text": "i want to die"}',
    "an exclamation mark for a letter": "i want to d!e",
}


@pytest.mark.parametrize("text", DISGUISES.values(), ids=DISGUISES.keys())
def test_a_disguised_message_is_read_all_the_same(screen: Screen, text: str) -> None:
    found = screen.screen(text)
    assert found.level is Level.urgent
    assert "suicide" in found.categories


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("hes tuching me", "sexual_abuse"),
        ("i dnt fl safe", "emotional_abuse"),
        ("kms", "suicide"),
        ("been sh again", "self_harm"),
        ("im gna run away 2nite", "missing"),
        ("my dad keeps hittin me", "physical_abuse"),
        ("i self harmd and took an overdsoe", "suicide"),
        ("he raped me 😭", "sexual_abuse"),
        ("i have the 💊 next to me", "suicide"),
        ("🆘", "disclosure_hint"),
        ("hes got a 🔪", "immediate_danger"),
        ("i was molestd", "sexual_abuse"),
    ],
)
def test_child_spelling_text_speak_and_emoji_are_understood(screen: Screen, text: str, category: str) -> None:
    assert category in screen.screen(text).categories


@pytest.mark.parametrize(
    "text", ["i want to dye my hair", "the therapist was nice", "we got together", "my tutor was staring at the clock", "shh be quiet"]
)
def test_ordinary_words_that_look_alike_stay_ordinary(screen: Screen, text: str) -> None:
    assert screen.screen(text).level is Level.none


@pytest.mark.parametrize("text", ["", " ", "\u200b\u200b", "\x00", "\ud800", "!!!", "😂😂", "\n" * 5000, "a" * 100_000, "'*@$!" * 1000])
def test_odd_text_is_screened_without_a_fault(screen: Screen, text: str) -> None:
    assert screen.screen(text).unscreened is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"text": "he hit me"}', "he hit me"),
        ('{"he hit me": true}', "he hit me true"),
        ('{"help": ["he hit me"]}', "help he hit me"),
        ('{"text": "he hit me", "text": "and mum"}', "he hit me and mum"),
        ('{"suicide": "i think about it"}', "suicide i think about it"),
        ('{"text": "he hit me"', "text he hit me"),
        ("{{{{he hit me}}}}", "he hit me"),
        ("{he hit me}", "he hit me"),
        ('{"a":' * 30_000 + "1" + "}" * 30_000, " ".join(["a"] * 10)),
    ],
)
def test_a_json_dress_is_taken_off_and_nothing_that_may_be_meant_is_lost(screen: Screen, text: str, words: str) -> None:
    assert " ".join(screen.plain(text).words).startswith(words)


@pytest.mark.parametrize("sign", ["😭", "😭😭😭", "😱"])
def test_a_sign_that_laughs_as_often_as_it_cries_says_nothing(screen: Screen, sign: str) -> None:
    assert screen.plain(f"i cant {sign} breathe").words == screen.plain("i cant breathe").words
