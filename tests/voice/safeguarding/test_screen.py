import time
from collections.abc import Sequence

import pytest

from voice.safeguarding.families import Families
from voice.safeguarding.screen import Level, Screen, Screening, Severity, raised


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("im going to kill myself", Severity.S1),
        ("he touches me and hes coming in my room tonight", Severity.S1),
        ("my dad hits me", Severity.S2),
        ("ive been smoking weed every day", Severity.S3),
        ("i want an advocate", Severity.S4),
    ],
)
def test_severity_follows_the_taxonomy(screen: Screen, text: str, severity: Severity) -> None:
    found = screen.screen(text)
    assert found.severity is severity
    assert found.level is severity.level


@pytest.mark.parametrize(
    "text",
    [
        "this homework is killing me",
        "im dead 😂",
        "shes gonna kill me lol",
        "could murder a pizza",
        "killed 10 on fortnite",
        "boxing and hit the bag",
        "the doctor touched my arm",
        "uncle comes in to play xbox",
        "nobody hurts me here",
    ],
)
def test_figures_of_speech_and_look_alikes_are_no_match(screen: Screen, text: str) -> None:
    assert screen.screen(text).level is Level.none


@pytest.mark.parametrize(
    "text",
    [
        "im not suicidal but i dont want to be here",
        "its not like he hits me hard",
        "when i was little dad hurt me",
        "tried to kill myself last year",
        "my little sister told me grandad touches her",
        "my friend wants to die",
        "what happens if someone told you something bad",
        "will you tell anyone",
        "my older boyfriend buys me stuff",
        "going cunch for a few days, easy money",
    ],
)
def test_the_language_traps_stay_urgent(screen: Screen, text: str) -> None:
    assert screen.screen(text).level is Level.urgent


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("my dad does not hit me", Severity.S3),
        ("i tried to kill myself when i was little", Severity.S2),
        ("in my story the girl said i want to die", Severity.S3),
        ("i want to die lol", Severity.S3),
    ],
)
def test_a_modifier_softens_by_one_step_and_never_takes_the_flag_away(screen: Screen, text: str, severity: Severity) -> None:
    found = screen.screen(text)
    assert found.softened
    assert found.severity is severity


def test_a_disclosure_told_in_pieces_is_put_together(screen: Screen) -> None:
    pieces = ["he comes in", "at night", "into my bed"]
    assert screen.screen(pieces[2], before=pieces[:2]).categories[0] == "sexual_abuse"


def test_what_was_said_before_is_not_flagged_again(screen: Screen) -> None:
    assert screen.screen("thanks", before=["my dad hits me"]).level is Level.none


@pytest.mark.parametrize(
    ("answer", "question", "level"),
    [
        ("him", "Is anyone scaring you?", Level.urgent),
        ("yes", "Is anyone hurting you?", Level.urgent),
        ("no", "Are you safe right now?", Level.urgent),
        ("not sure", "Are you safe right now?", Level.urgent),
        ("my stepdad", "What worries you?", Level.check),
        ("no", "Is anyone scaring you?", Level.none),
        ("yes", "Are you safe right now?", Level.none),
    ],
)
def test_a_short_answer_is_read_with_its_question(screen: Screen, answer: str, question: str, level: Level) -> None:
    assert screen.screen(answer, question=question).level is level


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("my social worker hit me", ("social_worker",)),
        ("my foster carer hits me", ("carer",)),
        ("night staff grabbed me and shoved me", ("staff",)),
        ("i told my teacher that my dad hits me", ("parent", "family")),
        ("my boyfriend hits me", ("partner",)),
    ],
)
def test_the_accused_are_named_by_their_role(screen: Screen, text: str, about: Sequence[str]) -> None:
    assert set(about) <= set(screen.screen(text).about)
    assert "teacher" not in screen.screen(text).about


def test_someone_who_was_only_told_is_not_accused(screen: Screen) -> None:
    assert "social_worker" not in screen.screen("i told my social worker my uncle touches me").about


def test_harm_by_someone_in_a_position_of_trust_is_also_an_allegation(screen: Screen) -> None:
    assert "allegation" in screen.screen("my foster carer hits me").categories
    assert "allegation" not in screen.screen("my dad hits me").categories


def test_who_he_is_may_stand_in_an_earlier_message(screen: Screen) -> None:
    assert "staff" in screen.screen("he grabbed me by the neck", before=["i dont like the night staff"]).about


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Мой папа бьёт меня каждый день", "other_script"),
        ("أبي يضربني كل يوم", "other_script"),
        ("میرے ابو مجھے مارتے ہیں", "other_script"),
        ("boję się, tata mnie bije i nie wiem co robić", "not_english"),
        ("tengo miedo porque mi padre me pega", "not_english"),
        ("mae ofn arna i yn y ty gyda fy nhad", "not_english"),
    ],
)
def test_a_text_in_another_language_is_left_to_a_person(screen: Screen, text: str, reason: str) -> None:
    found = screen.screen(text)
    assert found.unscreened == reason
    assert found.level is not Level.none


@pytest.mark.parametrize("text", ["my friend Zoë speaks français", "I live in Łódź now and i like it", "señor is my spanish teacher"])
def test_a_foreign_word_in_an_english_text_is_no_matter(screen: Screen, text: str) -> None:
    assert screen.screen(text).unscreened is None


def test_a_fault_inside_is_a_reason_to_look_and_says_nothing_of_the_words(screen: Screen, caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        def __getattr__(self, name: str) -> object:
            raise RuntimeError("canary words")

    broken = Screen(Broken())  # type: ignore[arg-type]
    assert broken.screen("canary words") == Screening(Level.check, None, (), (), (), False, "fault")
    assert "canary" not in caplog.text


def test_text_that_is_no_text_is_a_fault_not_a_crash(screen: Screen) -> None:
    assert screen.screen(None).unscreened == "fault"  # type: ignore[arg-type]


@pytest.mark.parametrize("where", ["start", "middle", "end"])
def test_a_long_text_is_screened_to_its_end(screen: Screen, where: str) -> None:
    filler = "we went to the park and then we had tea " * 1500
    texts = {
        "start": "my dad hits me. " + filler,
        "middle": filler + "my dad hits me. " + filler,
        "end": filler + "my dad hits me",
    }
    assert "physical_abuse" in screen.screen(texts[where]).categories


@pytest.mark.parametrize(
    "piece",
    [
        "he hit me and ",
        "kill me lol ",
        "a ",
        "d i e ",
        "aaaaaaaaab",
        "he ~ (<x>) ",
        "i want to i want to ",
        "\u0301",
        "🔪",
        "dad dad dad hit ",
    ],
)
def test_twice_the_text_takes_about_twice_the_time(screen: Screen, piece: str) -> None:
    one = (piece * 15_000)[:15_000]

    def best_of_three(text: str) -> float:
        times = []
        for _ in range(3):
            start = time.process_time()
            screen.screen(text)
            times.append(time.process_time() - start)
        return min(times)

    best_of_three(one)
    assert best_of_three(one * 4) / max(best_of_three(one), 1e-3) < 12


def test_a_button_raises_and_never_lowers(screen: Screen) -> None:
    calm = screen.screen("hello")
    assert raised(calm, Level.urgent).level is Level.urgent
    assert raised(calm, Level.urgent).severity is Severity.S2
    assert raised(calm, Level.check).severity is Severity.S3
    danger = screen.screen("im going to kill myself")
    assert raised(danger, Level.check) == danger
    assert raised(danger, Level.none) == danger


def test_screening_twice_gives_the_same(screen: Screen) -> None:
    assert screen.screen("my dad hits me") == screen.screen("my dad hits me")


def test_the_families_are_ready_made_and_shared(screen: Screen) -> None:
    assert isinstance(screen._families, Families)
