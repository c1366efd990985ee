"""The first component of the pipeline: words and sentences, by spaCy."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from spacy.tokens import Doc

from bot.nlu.sentences import reading_pipeline, sentence_spans
from bot.nlu.spelling import plain_spelling


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class SpacyReader(Tokenizer):
    """Splits a message into words and sentences.

    Each word keeps its own spelling; its `lemma`, which the featurizers count, is the plain spelling. The message gets
    `sentences`, a list of [start, end] in characters of its text, which travels on to the actions with the parse data.
    """

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__(config)
        self._pipeline = reading_pipeline()

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"intent_tokenization_flag": False, "intent_split_symbol": "_"}

    @staticmethod
    def required_packages() -> list[str]:
        return ["spacy"]

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """The words of one attribute; the sentences too when it is the text that was typed."""
        doc = self._pipeline(message.get(attribute))
        if attribute == TEXT:
            message.set("sentences", sentence_spans(doc), add_to_output=True)
        return _words(doc) or [Token(doc.text, 0)]


def _words(doc: Doc) -> list[Token]:
    words = ((word, plain_spelling(word.text)) for word in doc if not word.is_space)
    return [Token(word.text, word.idx, lemma=plain) for word, plain in words if plain]
