"""What can go wrong when keeping or fetching something, named as the people of this field would say it.

None of these ever carries a young person's words.
"""

from __future__ import annotations


class SaysoError(Exception):
    """Base of every error named here. `code` is the word the HTTP contract uses."""

    code = "error"


class NotSaved(SaysoError):
    """The database could not take it: locked, full, read-only or gone. Nothing of it is stored."""

    code = "not_saved"


class NotSignedIn(SaysoError):
    """The token is unknown, ended or too old."""

    code = "not_signed_in"


class ChoiceIsOld(SaysoError):
    """The button belongs to a question that is no longer open, or to another chat."""

    code = "choice_is_old"


class UnknownCode(SaysoError):
    """No chat has this return code."""

    code = "unknown_code"


class UnknownJoin(SaysoError):
    """No open invitation has this join code."""

    code = "unknown_join"


class NotFound(SaysoError):
    """There is no such thing, or this worker may not know of it. The two are told apart nowhere."""

    code = "not_found"


class SlowDown(SaysoError):
    """Too many tries. `seconds` until the next one is heard."""

    code = "slow_down"

    def __init__(self, seconds: int) -> None:
        super().__init__(f"wait {seconds} s")
        self.seconds = seconds


class WrongKey(SaysoError):
    """The master key is not the one this database was sealed with."""

    code = "wrong_key"


class Stale(SaysoError):
    """Somebody else changed it in the meantime."""

    code = "stale"


class SignInRefused(SaysoError):
    """Unknown e-mail, wrong password or an account that was closed. The three are told apart nowhere."""

    code = "sign_in_refused"


class WeakPassword(SaysoError):
    """The new password is too short, too long or is the person's own e-mail."""

    code = "weak_password"


class AlreadyThere(SaysoError):
    """A worker with this e-mail, or a young person with both these identifiers, is here already."""

    code = "already_there"


class NothingWritten(SaysoError):
    """Something that must be written was left empty. `what` names the field."""

    code = "nothing_written"

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class NothingDone(SaysoError):
    """A flag is not closed before something that was done about it is written down, unless it was a false alarm."""

    code = "nothing_done"


class NotAMeaning(SaysoError):
    """A correction needs topics and a stance, of those there are. `what` names what is missing, unknown or does not go together."""

    code = "not_a_meaning"

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class NoReplyYet(SaysoError):
    """A statement is not done before the young person has an answer."""

    code = "no_reply_yet"


class TooLate(SaysoError):
    """The time in which this could be undone is over."""

    code = "too_late"


class CannotBeGiven(SaysoError):
    """This worker cannot have the statement: not active, or kept from reading it."""

    code = "cannot_be_given"


class LastManager(SaysoError):
    """Somebody must be left who can add workers."""

    code = "last_manager"


class WrongWeights(SaysoError):
    """The sentence model is missing, or is not the one that was checked."""

    code = "wrong_weights"


class NotTrained(SaysoError):
    """What the ear learned is missing or does not fit this version."""

    code = "not_trained"
