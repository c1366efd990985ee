"""The sentences of the chat page, taken out of the wording and checked to be complete."""

from __future__ import annotations

from collections.abc import Mapping

from records.wording import Wording, WordingMissing
from voice.wording import Style

PREFIX = "utter_page_"

PLAIN = """
title name skip_to_box tagline intro any_time about_heading reading_heading help_heading open_now
style_heading style_standard style_standard_hint style_easy style_easy_hint mode_heading mode_alone mode_with_helper
join_open join_label join_hint start starting resume_open resume_label resume_button no_script help_web new_page
chat_heading log_label loading from_me from_bot from_bot_is from_worker safety_label summary_label notice_label
box_label box_hint send sending thinking saved held not_sent not_sent_choice try_again offline
pick_many done picked controls_label more less new_below
tell tell_text tell_danger tell_box tell_send tell_failed who_reads
leave leave_hint leave_note leave_presses_2 leave_presses_1 leave_stopped leave_loading
menu code code_text code_safe code_copy code_copied code_failed finish finish_text finished
colours_dark colours_light to_easy to_standard read_aloud read_stop close ended cannot_reach went_wrong
embed_open embed_title embed_close
"""

KEYS: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(PLAIN.split(), frozenset[str]()),
    "resume_hint": frozenset({"example"}),
    "help_call": frozenset({"number"}),
    "help_text": frozenset({"number"}),
    "help_text_word": frozenset({"word", "number"}),
    "progress": frozenset({"at", "of"}),
    "progress_label": frozenset({"at", "of"}),
}
"""Every key the page says (without the prefix) and the values the page has for it."""

PageWords = Mapping[Style, Mapping[str, str]]
"""Style → key without the prefix → sentence, its `{values}` not yet filled in."""


def page_words(wording: Wording) -> PageWords:
    """The page's sentences in both styles.

    The values are filled in by the page itself, in the browser, so the sentences keep their braces here.
    Raises WordingMissing when one is not there, or asks for a value that the page does not have.
    """
    for key, values in KEYS.items():
        surplus = wording.placeholders(PREFIX + key) - values
        if surplus:
            raise WordingMissing(PREFIX + key, f"the page has no value for {{{min(surplus)}}}")
    return {style: {key: wording.sentences[PREFIX + key].in_style(style) for key in KEYS} for style in Style}
