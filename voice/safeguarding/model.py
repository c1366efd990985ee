"""What the files of `data/screening/` may say.

One file a category (research: the taxonomy of categories, cues and severities), and six files that all categories
share: `slots.yml` (word lists), `spelling.yml`, `modifiers.yml`, `figurative.yml`, `roles.yml` and `languages.yml`.
"""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, RootModel, model_validator

from voice.wording import Sheet


class Level(str, Enum):
    """What the screening asks for: nothing, a person's look, or a person at once."""

    none = "none"
    check = "check"
    urgent = "urgent"

    @property
    def rank(self) -> int:
        """0 for none, up to 2 for urgent."""
        return ("none", "check", "urgent").index(self.value)


class Severity(str, Enum):
    """S1 danger now · S2 serious harm told, no sign of danger now · S3 concern · S4 wellbeing."""

    S1 = "S1"
    S2 = "S2"
    S3 = "S3"
    S4 = "S4"

    @property
    def level(self) -> Level:
        """S1 and S2 need a person at once, S3 and S4 a person's look."""
        return Level.urgent if self in (Severity.S1, Severity.S2) else Level.check

    def lowered(self, floor: Severity) -> Severity:
        """One step down, but never below `floor` and never up."""
        step = Severity(f"S{min(int(self.value[1]) + 1, 4)}")
        return max(self, min(step, floor), key=lambda severity: severity.value) if floor.value > self.value else self


Category = Literal[
    "immediate_danger",
    "suicide",
    "self_harm",
    "sexual_abuse",
    "physical_abuse",
    "restraint",
    "domestic_abuse",
    "sexual_exploitation",
    "criminal_exploitation",
    "missing",
    "forced_marriage_fgm",
    "online_harm",
    "peer_harm",
    "allegation",
    "neglect",
    "emotional_abuse",
    "eating",
    "substance",
    "radicalisation",
    "bullying",
    "disclosure_hint",
    "low_mood",
    "complaint_rights",
]
"""The categories, the most pressing first: of two with the same severity the earlier one leads the card."""

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,47}$")]
Phrase = Annotated[str, Field(min_length=1)]


class FamilySheet(Sheet):
    """One pattern family: ways to say one thing.

    `examples` and `hard_negatives` are its tests: the family finds every example, and no family finds a hard negative.
    """

    name: Name
    severity: Severity
    now: Severity | None = None
    """The severity when the same sentence says that it is happening now or tonight."""
    idioms: bool = False
    """Whether figures of speech (figurative.yml) look like this family and are therefore no match."""
    accuses: bool = True
    """Whether the words can accuse someone; false for what a young person feels or does."""
    question: tuple[Phrase, ...] = ()
    """Only when answering a question that has one of these phrases. `phrases` then say the answer."""
    phrases: tuple[Phrase, ...] = Field(min_length=1)
    unless: tuple[Phrase, ...] = ()
    """Harmless sayings: a match that overlaps one of them is no match."""
    examples: tuple[str, ...] = Field(min_length=1)
    hard_negatives: tuple[str, ...] = ()


class CategorySheet(Sheet):
    """One file of pattern families. `harm`: someone does it to someone, so a carer or worker who does it is an allegation."""

    category: Category
    harm: bool = False
    families: tuple[FamilySheet, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _no_twins(self) -> CategorySheet:
        names = [family.name for family in self.families]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"two families are called '{name}'")
        return self


class SlotsSheet(RootModel[dict[Name, Annotated[tuple[Phrase, ...], Field(min_length=1)]]]):
    """Word lists by name. An entry is a phrase and may use slots that stand above it."""

    model_config = ConfigDict(frozen=True)


class SpellingSheet(Sheet):
    """How children write. Keys and values are small letters; a value may be several words."""

    words: dict[str, str]
    """Text-speak, contractions and child spellings → the words they stand for. Keys may hold an apostrophe or digits."""
    emoji: dict[str, str]
    lookalikes: dict[str, str]
    """Letters of other alphabets that look like Latin ones."""
    leet: dict[str, str]
    """Digits and signs that stand for a letter inside a word."""
    units: tuple[str, ...]
    """What may follow a number without a space: pm, yrs…"""
    masked: tuple[str, ...]
    """Words that people write with stars in them."""
    key_words: tuple[Annotated[str, Field(min_length=6)], ...]
    """Words that are still known with one letter wrong, missing, added or swapped."""
    no_slips: tuple[str, ...]
    """Words that are right as they are, though a key word or a common one is one slip away."""
    labels: tuple[str, ...]
    """Names of fields in a JSON object that are not a part of what is said."""


class ModifierSheet(Sheet):
    """Words around a match that soften it: one step down, never below `floor`, never away."""

    name: Name
    floor: Severity
    where: Literal["before", "sentence"]
    reach: int = Field(default=4, ge=1, le=12)
    """With `before`: how many words may stand between the cue and the match."""
    not_for: tuple[Category, ...] = ()
    """Categories whose own words these are: a what-if is how a disclosure begins, a game is where a stranger asks."""
    cues: tuple[Phrase, ...] = Field(min_length=1)
    unless: tuple[Phrase, ...] = ()


class ModifiersSheet(Sheet):
    """`modifiers.yml`. `now` are the cues that it is happening now or tonight."""

    now: tuple[Phrase, ...] = Field(min_length=1)
    modifiers: tuple[ModifierSheet, ...]


class FigurativeSheet(Sheet):
    """`figurative.yml`: figures of speech that are no sign of danger."""

    idioms: tuple[Phrase, ...] = Field(min_length=1)


Role = Literal["carer", "social_worker", "staff", "reviewing_officer", "teacher", "parent", "family", "peer", "partner"]

TRUSTED_ROLES: tuple[Role, ...] = ("carer", "social_worker", "staff", "reviewing_officer", "teacher")
"""Adults in a position of trust: harm by them is also an allegation."""


class RolesSheet(Sheet):
    """`roles.yml`: the words for people, by role, and the words that show they were told rather than accused."""

    roles: dict[Role, Annotated[tuple[Phrase, ...], Field(min_length=1)]]
    told: tuple[Phrase, ...] = Field(min_length=1)
    """Phrases after which a role word names a listener ("i told my …"), not the one who did it."""


class LanguagesSheet(Sheet):
    """`languages.yml`: small words that tell languages apart."""

    english: tuple[str, ...] = Field(min_length=1)
    others: dict[Name, tuple[str, ...]]
