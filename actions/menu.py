"""What a chat can be offered and told as it stands: the menu, and who can read what."""

from __future__ import annotations

from actions.doing import knowledge
from actions.heard import Turn
from records import drafts
from records.tables import Worker
from voice.messages import Bubble

_DRAFTS_SHOWN = 2


def who_sees(turn: Turn) -> list[Bubble]:
    """Who can read what is written here, and who can read what was sent, if anything was."""
    speech = knowledge().speech
    bubbles = speech.lines("utter_who_sees_draft", turn.style)
    sent = drafts.latest_sent(turn.work, turn.conversation.id)
    if sent is None:
        return bubbles
    owner = turn.work.session.get(Worker, sent.owner_id) if sent.owner_id else None
    if owner is None:
        return [*bubbles, *speech.lines("utter_who_sees_sent_unassigned", turn.style)]
    return [*bubbles, *speech.lines("utter_who_sees_sent", turn.style, worker=owner.name)]


def menu(turn: Turn) -> Bubble:
    """What this young person can do now."""
    pathways = knowledge().library.pathways
    waiting = [draft for draft in drafts.unfinished(turn.work, turn.conversation.id) if draft.pathway in pathways]
    sent = drafts.latest_sent(turn.work, turn.conversation.id)
    return knowledge().speech.menu(turn.style, [(draft.id, draft.pathway) for draft in waiting[:_DRAFTS_SHOWN]], sent.id if sent else None)
