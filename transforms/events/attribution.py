"""Who says that an event happened, where that is not the outlet itself: the speaker of the words that tell it."""

import dataclasses
from collections.abc import Iterable

from transforms.events.context import Mention


def attribute_mentions(mentions: Iterable[Mention], said: Iterable[Mention] = ()) -> list[Mention]:
    """Gives events inside the content of a statement to its speaker; of nested statements the innermost counts.

    Args:
        mentions: what is attributed; the statements among them speak.
        said: further statements that speak to the other kinds, such as those dropped as repeats.
    """
    mentions, said = list(mentions), list(said)
    kept = _by_length(mentions)
    spoken = _by_length([*mentions, *said])
    return [_attribute(mention, kept if mention.kind == "statement" else spoken) for mention in mentions]


def _by_length(mentions: Iterable[Mention]) -> list[Mention]:
    """The statements that were made, the shortest first."""
    made = (m for m in mentions if m.kind == "statement" and m.content is not None and m.modality != "negated")
    return sorted(made, key=lambda m: (_length(m), m.trigger))


def _length(statement: Mention) -> int:
    return statement.content[1] - statement.content[0] if statement.content is not None else 0


def _attribute(mention: Mention, statements: list[Mention]) -> Mention:
    if mention.attributed_to is not None:
        return mention
    own = _speaker(mention)  # who says so cannot be who says that they say it
    others = [s for s in statements if (s.trigger != mention.trigger or s.kind != mention.kind) and _speaker(s) != own]
    outer = next((s for s in others if _holds(s, mention)), None)
    if outer is None and mention.kind != "statement":
        outer = next((s for s in others if _carries_on(s, mention)), None)
    speaker = _speaker(outer) if outer is not None else None
    return dataclasses.replace(mention, attributed_to=speaker) if speaker is not None else mention


def _speaker(statement: Mention) -> str | None:
    return next((actor.name for actor in statement.actors if actor.role == "speaker"), None)


def _holds(statement: Mention, mention: Mention) -> bool:
    content = statement.content
    return (
        content is not None
        and _speaker(statement) is not None
        and content[0] <= mention.trigger[0]
        and mention.trigger[1] <= content[1]
    )


def _carries_on(statement: Mention, mention: Mention) -> bool:
    """`exports rose, the ministry said, while imports fell`: what follows a cue put in is said by the same."""
    content, cue = statement.content, statement.trigger
    if content is None or statement.evidence != mention.evidence or _speaker(statement) is None:
        return False
    after = content[1] <= cue[0] and cue[1] <= mention.trigger[0]
    # `said on Monday exports rose`, whose subject was read as part of the time
    before = (
        mention.kind == "trade_figure" and cue[1] <= mention.trigger[0] and 0 <= content[0] - mention.trigger[1] <= 1
    )
    return after or before
