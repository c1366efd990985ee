"""How pages are made of templates: everything escaped, nothing missing in silence."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from desk.when import When
from records.library import load_pathways
from records.readiness import out_of_date
from records.safety_data import load_help
from records.settings import Settings
from records.wording import load_wording
from voice.promises.hours import HERE
from voice.wording import Style


def environment(settings: Settings) -> Environment:
    """The templates of the desk with their filters: moment, day, time, pathway (its title), and `away(at, now)`.

    `say` is for what a young person reads, such as the card with a join code: those words are in data/responses.
    """
    when = When(settings.timezone)
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    def pathway(name: str) -> str:
        # a statement outlives the file it was made with
        found = load_pathways(settings.root).pathways.get(name)
        return found.title.in_style(Style.standard) if found else name.replace("_", " ").capitalize()

    templates.filters |= {"moment": when.moment, "day": when.day, "time": when.time, "pathway": pathway}

    def say(key: str) -> str:
        return load_wording(settings.root).say(key, Style.standard)

    templates.globals["say"] = say
    templates.globals["away"] = when.away
    templates.globals["chat_address"] = settings.chat_address
    help_data = load_help(settings.root)
    templates.globals["live"] = settings.live
    templates.globals["local"] = help_data.local
    # asked at each visit: a line grows old while the desk is running
    templates.globals["old_helplines"] = lambda now: [line.name for line in out_of_date(help_data, now.astimezone(HERE).date())]
    return templates
