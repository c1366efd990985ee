"""The menu as it stands for one chat, with what was begun and what was sent."""

from __future__ import annotations

from actions.doing import knowledge
from actions.heard import Turn
from records import drafts
from voice.messages import Bubble

_DRAFTS_SHOWN = 2


def menu(turn: Turn) -> Bubble:
    """What this young person can do now."""
    pathways = knowledge().library.pathways
    waiting = [draft for draft in drafts.unfinished(turn.work, turn.conversation.id) if draft.pathway in pathways]
    sent = drafts.latest_sent(turn.work, turn.conversation.id)
    return knowledge().speech.menu(turn.style, [(draft.id, draft.pathway) for draft in waiting[:_DRAFTS_SHOWN]], sent.id if sent else None)
