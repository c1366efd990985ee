"""One turn inside a pathway: what was said is kept as an answer, or heeded as a wish, and the talk moves on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from actions import already_said
from actions.doing import Knowledge, Outcome
from actions.heard import Turn
from actions.reading_back import in_order, labelled, read_back
from actions.understanding import meant, yes_or_no
from records import drafts, messages, replies
from records.tables import Answer, Message, Statement
from voice.messages import Bubble
from voice.pathways.model import ADDED, Choice, Question
from voice.pathways.speech import Line
from voice.pathways.walk import Asked, How, Place, Walk
from voice.wording import Style

ON = ""
"""The result of a turn after which the pathway goes on."""


@dataclass
class PathwayTurn:
    """A turn with the statement it is about."""

    turn: Turn
    known: Knowledge
    statement: Statement
    walk: Walk
    place: Place

    @classmethod
    def of(cls, turn: Turn, known: Knowledge) -> PathwayTurn | None:
        """The turn of the statement being talked about; None when there is none."""
        statement = drafts.active(turn.work, turn.conversation.id)
        if statement is None:
            return None
        talk = cls(turn, known, statement, known.speech.walk(statement.pathway), drafts.place_of(statement))
        talk._leave_questions_that_are_gone()
        return talk

    def _leave_questions_that_are_gone(self) -> None:
        """The pathway's file may have lost a question that was open; the talk goes on with the next one it has."""
        open_now = [*([self.place.asked] if self.place.asked else []), *(Asked(said.question) for said in self.place.said)]
        if not all(self.walk.has(asked) for asked in open_now):
            following = self.walk.after(self.place, drafts.given(drafts.answers(self.turn.work, self.statement)))
            self._go(following or Place("check"))

    def ask(self) -> list[Bubble]:
        """The bubbles of where the talk is now."""
        rows = drafts.answers(self.turn.work, self.statement)
        shown_back = self.place.stage == "said"
        lines = already_said.lines(self.turn, self.walk, self.place) if shown_back else self._read_back(rows)
        return self.known.speech.at(self.walk, self.place, drafts.given(rows), lines, self.turn.style)

    def _read_back(self, rows: Sequence[Answer]) -> list[Line]:
        return read_back(self.walk, self.place, rows, self._say("utter_control_dont_know"))

    def hear(self) -> Outcome:
        """Heeds the message. The result says how the pathway ended, or that it goes on."""
        if self.turn.message:
            self.turn.message.statement_id = self.statement.id
        kind, _, value = (self.turn.heard.choice or "").partition(":")
        heeding = {
            "answer": lambda: self._answered(tuple(value.split(","))),
            "control": lambda: self._control(value),
            "said": lambda: self._heard_right(value.startswith("yes:")),
            "carry": lambda: self._carried_on(value),
            "check": lambda: self._checked(value),
            "edit": lambda: self._change(value),
            "send": lambda: self._send(value),
            "helped": lambda: self._helped(value),
            "put": lambda: self._put(value),
        }
        if self.turn.heard.choice is None:
            return self._typed()
        # any other button (keep talking, the menu) only has the open question asked again
        return heeding[kind]() if kind in heeding else Outcome(result=ON)

    def _typed(self) -> Outcome:
        style = self.turn.style
        understood = meant(self.turn.heard, self.turn.words, self._open_question(), style, self.known.controls)
        if understood.control:
            outcome = self._control(understood.control, typed=True)
            if understood.guessed and self.turn.message:
                button = self.known.speech.that_was_my_answer(f"put:{self.turn.message.id}", style)
                last = outcome.bubbles[-1]
                return Outcome([*outcome.bubbles[:-1], replace(last, choices=(button,), stays_open=True)], outcome.result)
            return outcome
        if self.place.stage not in ("question", "said"):
            return self._typed_between(understood.values)
        earlier = self._answer_to_the_same_question()
        if earlier:
            return self._add_to(earlier, self.turn.words)
        if self.place.stage == "said":
            right = yes_or_no(self.turn.heard, self.turn.words, self._say("utter_heard_yes"), self._say("utter_heard_not_quite"))
            return self._add(self.turn.words) if right is None else self._heard_right(right)
        if self._was_under_another_question():
            return self._add(self.turn.words)
        if understood.values:
            return self._answered(understood.values, verbatim=self.turn.words)
        return self._keep(self._asked(), (), self.turn.words, "answered")

    def _typed_between(self, values: tuple[str, ...]) -> Outcome:
        """Words typed where only buttons were asked for: a button's label, yes or no, or something more to say."""
        heard = self.turn.heard
        yes, no = heard.intent == "affirm", heard.intent == "deny"
        if self.place.stage == "check" and (values or yes or no):
            return self._checked(values[0] if values else "right" if yes else "change")
        if self.place.stage == "send" and values:
            return self._send(values[0])
        if self.place.stage == "carry_on" and (yes or no):
            return self._carried_on("on" if yes else "stop")
        return self._add(self.turn.words)

    def _add(self, words: str) -> Outcome:
        """Keeps words that answer no question, so that they are read back and sent with the rest."""
        asked = Asked(ADDED, self.turn.heard.message_id)
        self._keep_row(asked, ADDED, self._say("utter_added_question"), "other", words, (), "answered")
        return Outcome(self._lines("utter_added"), ON)

    def _heard_right(self, right: bool) -> Outcome:
        """Takes what was shown back as answers, or leaves it where it was said and asks."""
        if not already_said.is_on_screen(self.turn, self.place):
            return Outcome(result=ON)
        self.place = already_said.take(self.turn, self.statement, self.walk, self.place, right=right)
        outcome = self._move_on()
        return Outcome([*self._lines("utter_heard_taken" if right else "utter_heard_not_taken"), *outcome.bubbles], outcome.result)

    def _answered(self, values: tuple[str, ...], verbatim: str | None = None) -> Outcome:
        earlier = self._answer_to_the_same_question()
        if earlier is None and self._was_under_another_question():
            # the button was of a question the talk has left meanwhile: the open one is asked, and nothing is overwritten
            return Outcome(result=ON)
        asked = Asked(earlier.question, earlier.round) if earlier else self._asked()
        picked = [choice for choice in self.walk.question(asked).choices if choice.value in values]
        if not picked:
            return Outcome(result=ON)
        return self._keep(asked, picked, verbatim, "answered")

    def _keep(self, asked: Asked, picked: Sequence[Choice], verbatim: str | None, how: How) -> Outcome:
        shown = self.walk.wording(asked, self.turn.style)
        choices = labelled(picked, self.turn.style)
        self._keep_row(asked, self.walk.question(asked).save, shown, self.walk.topic(asked), verbatim, choices, how)
        return self._move_on()

    def _keep_row(
        self, asked: Asked, save: str, shown: str, topic: str, verbatim: str | None, choices: Sequence[dict[str, str]], how: How
    ) -> None:
        drafts.keep_answer(
            self.turn.work,
            self.statement,
            asked=asked,
            save=save,
            question_shown=shown,
            topic=topic,
            verbatim=verbatim,
            choices=choices,
            how=how,
            message_id=self.turn.message.id if self.turn.message else None,
            now=self.turn.now,
        )

    def _move_on(self) -> Outcome:
        rows = drafts.answers(self.turn.work, self.statement)
        following = self.walk.after(self.place, drafts.given(rows))
        if following is None:
            drafts.keep(self.turn.work, self.statement)
            return Outcome(result="finished")
        self._go(already_said.on_the_way(self.turn.work, self.known, rows, self.walk, following))
        return Outcome(result=ON)

    def _add_to(self, earlier: Answer, words: str) -> Outcome:
        """Two bubbles typed in a row are one answer: the second came before the next question was on the screen."""
        said_so_far = f"{earlier.verbatim}\n{words}" if earlier.verbatim else words
        asked = Asked(earlier.question, earlier.round)
        self._keep_row(asked, earlier.save, earlier.question_shown, earlier.topic, said_so_far, tuple(earlier.choices), "answered")
        return Outcome(result=ON)

    def _answer_to_the_same_question(self) -> Answer | None:
        message = self.turn.message
        if message is None or message.asked_n is None:
            return None
        return drafts.answer_from_question(self.turn.work, self.statement, message)

    def _was_under_another_question(self) -> bool:
        """Whether the question on the screen, when this was said, was not the one that is open now: several things were said
        while Rasa was away, and the first of them moved the talk."""
        message = self.turn.message
        if message is None or message.asked_n is None or self.place.stage != "question":
            return False
        shown = messages.numbered(self.turn.work, self.turn.conversation.id, message.asked_n)
        return shown is not None and shown.text not in {self.walk.wording(self._asked(), style) for style in Style}

    def _control(self, name: str, *, typed: bool = False) -> Outcome:
        if name in ("skip", "dont_know"):
            if self.place.stage == "said":
                return self._heard_right(False)
            if self.place.stage != "question":
                return Outcome(result=ON)
            earlier = self._answer_to_the_same_question()
            if earlier:
                # the next question was not on the screen yet, so it cannot have been meant
                return self._add_to(earlier, self.turn.words) if typed else Outcome(result=ON)
            how: How = "skipped" if name == "skip" else "dont_know"
            return self._keep(self._asked(), (), self.turn.words if typed else None, how)
        if name == "back":
            return self._back()
        if name in ("stop", "menu"):
            drafts.put_aside(self.statement)
            return Outcome(result="stopped")
        if name == "carry_on" and self.place.stage == "carry_on":
            return self._carried_on("on")
        if name == "help_now":
            return Outcome(self._lines("utter_help_is_there"), ON)
        if name == "who_sees":
            return Outcome(self._lines("utter_who_sees_draft"), ON)
        if name == "meaning":
            return Outcome([Bubble(self.known.speech.meaning(self.walk, self.place, self.turn.style))], ON)
        if name == "advocate":
            return Outcome(self._lines("utter_advocate"), ON)
        return Outcome(result=ON)

    def _back(self) -> Outcome:
        earlier = self.walk.before(self.place, drafts.given(drafts.answers(self.turn.work, self.statement)))
        if earlier is None:
            return Outcome(self._lines("utter_no_going_back"), ON)
        self._go(earlier)
        return Outcome(result=ON)

    def _carried_on(self, value: str) -> Outcome:
        if value == "stop":
            return self._control("stop")
        self.place = replace(self.place, enough=value == "enough")
        return self._move_on()

    def _checked(self, value: str) -> Outcome:
        lines = self._read_back(drafts.answers(self.turn.work, self.statement))
        if not any(line.said is not None and self._is_about_them(line) for line in lines):
            drafts.put_aside(self.statement)
            return Outcome([self.known.speech.pair(self.known.library.ending.nothing_said, self.turn.style)], "nothing")
        self._go(replace(self.place, stage="send" if value == "right" else "which", asked=None))
        return Outcome(result=ON)

    def _is_about_them(self, line: Line) -> bool:
        """Only to whom it goes is not yet something said."""
        ending = self.known.library.ending
        return line.asked.question not in (ending.recipients.id, ending.hide_from.id)

    def _change(self, value: str) -> Outcome:
        question, _, round_ = value.partition(":")
        asked = Asked(question, round_ or None)
        answered = {Asked(row.question, row.round) for row in drafts.answers(self.turn.work, self.statement)}
        if asked in answered and self.walk.has(asked):
            self._go(replace(self.place, stage="question", asked=asked))
        return Outcome(result=ON)

    def _send(self, value: str) -> Outcome:
        if value == "send":
            rows = drafts.answers(self.turn.work, self.statement)
            drafts.send(
                self.turn.work,
                self.statement,
                in_order(self.walk, self.place, rows),
                to_n=self.turn.conversation.next_n - 1,
                now=self.turn.now,
            )
            return Outcome(result="sent")
        if value == "delete":
            drafts.delete(self.turn.work, self.statement, self.turn.message.id if self.turn.message else None)
            return Outcome(result="deleted")
        drafts.keep(self.turn.work, self.statement)
        return Outcome(result="kept")

    def _helped(self, value: str) -> Outcome:
        reply_id, _, helped = value.partition(":")
        known = replies.note_helped(self.turn.work, self.turn.conversation.id, reply_id, helped, self.turn.now)
        return Outcome(self._lines("utter_not_helped_next" if helped == "no" else "utter_helped_thanks") if known else [], ON)

    def _put(self, message_id: str) -> Outcome:
        """Words (or buttons) from before become the answer to the open question, because the young person chose so."""
        source = self.turn.work.session.get(Message, message_id)
        if source is None or source.conversation_id != self.turn.conversation.id:
            return Outcome(result=ON)
        if self.place.stage != "question":
            return self._add(source.text)
        earlier = self._answer_to_the_same_question()
        if earlier:
            # pressed twice before the next question was on the screen
            known = source.text in (earlier.verbatim or "")
            return Outcome(result=ON) if known else self._add_to(earlier, source.text)
        values = [payload.partition(":")[2] for payload in messages.payloads_of(source) if payload.startswith("answer:")]
        if values:
            picked = [choice for choice in self.walk.question(self._asked()).choices if choice.value in values]
            return self._keep(self._asked(), picked, None, "answered")
        return self._keep(self._asked(), (), source.text, "answered")

    def _asked(self) -> Asked:
        if self.place.asked is None:
            raise LookupError(f"no question is open at stage {self.place.stage}")
        return self.place.asked

    def _open_question(self) -> Question | None:
        if self.place.stage == "check":
            return self.known.library.ending.check
        if self.place.stage == "send":
            return self.known.library.ending.send
        return self.walk.question(self.place.asked) if self.place.asked and self.place.stage == "question" else None

    def _go(self, place: Place) -> None:
        self.place = place
        self.statement.asking = place.to_plain()

    def _lines(self, key: str) -> list[Bubble]:
        return self.known.speech.lines(key, self.turn.style)

    def _say(self, key: str, **values: object) -> str:
        return self.known.speech.say(key, self.turn.style, **values)
