"""Statements: direct, indirect and mixed speech and writing, attributed to somebody."""

import dataclasses
import re
from collections.abc import Iterator

from spacy.tokens import Span

from schemas.event import Actor, Statement
from transforms.annotate.model import trim_span
from transforms.events.context import Context, Mention
from transforms.events.cues import Cue, find_cues, standing, word_list
from transforms.events.lexicon import lemma_of, read_lexicon
from transforms.events.said import find_said
from transforms.events.said_phrases import pronoun_only
from transforms.events.said_range import Said

_QUOTE_MARKS = re.compile(r"[\"“”«»„]|``|''")
_TRANSCRIPT = re.compile(
    r"\s*((?:[A-Z][A-Z.'’-]+\s?){1,4}(?:\([^)]{1,40}\))?|[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){0,3}):\s+(?=\S)"
)
_SIGNATURE = re.compile(r"\s*((?:—|–|--)\s*([^()\n]{2,40}?))\s*\(@\w+\)")
_GAP_FRAMES = frozenset({"clause", "quote"})


@dataclasses.dataclass(slots=True)
class _Found:
    """A cue with what it reports and who speaks."""

    cue: Cue
    said: Said | None
    speakers: tuple[Actor, ...]
    trigger: tuple[int, int]
    modality: str
    modality_cue: str | None


def find(sentence: Span, context: Context) -> list[Mention]:
    """Finds the statements whose cue stands in the sentence.

    A quotation that runs over several sentences is one statement, under the sentence with its cue. Several cues of one
    speaker in the sentence are one statement, under the first.
    """
    found = [one for cue in find_cues(sentence) if (one := _read(cue, sentence, context)) is not None]
    evidence = trim_span(sentence)
    mentions = [_mention(group, evidence, context) for group in _by_speaker(found)]
    if not mentions:
        mentions = list(_lines(sentence, context))
    return mentions


def _read(cue: Cue, sentence: Span, context: Context) -> _Found | None:
    refusal = _refusal(cue, sentence) if cue.kind == "verb" else None
    if refusal is not None:
        speaker = (
            context.names.actor(cue.speaker, "speaker")
            if cue.speaker is not None and _may_speak(cue, context)
            else None
        )
        return _Found(cue, None, (speaker,), refusal, "negated", context.text[slice(*refusal)]) if speaker else None
    if cue.speaker is None or not _may_speak(cue, context):
        return None
    modality, words = standing(cue)
    if modality is None:
        return None
    said = find_said(cue, sentence, context.quotes)
    if said is None or (modality == "negated" and said.frame in ("preposition", "object") and cue.kind == "verb"):
        return None
    if pronoun_only(context.doc, said):
        if cue.lemma not in ("deny", "confirm"):
            return None
        said = None
    speakers = tuple(context.names.actors(cue.speaker, "speaker"))
    if not speakers:
        return None
    if said is not None and said.quote is not None:
        context.names.set_speaker(said.quote.start, cue.speaker)
    trigger = _trigger(cue)
    cue_text = context.text[words[0].idx : words[-1].idx + len(words[-1])] if words else None
    return _Found(cue, said, speakers, trigger, modality, cue_text)


def _trigger(cue: Cue) -> tuple[int, int]:
    words = cue.words
    return words[0].idx, words[-1].idx + len(words[-1])


# Who may speak


def _may_speak(cue: Cue, context: Context) -> bool:
    """Whether the cue's subject can speak or, for verbs that allow it, is a writing that shows something."""
    speaker = cue.speaker
    assert speaker is not None
    if speaker.lower_ in ("it", "this", "that", "there", "which", "what", "these", "those"):
        referent = context.names.referent(speaker)
        return referent is not None and (
            referent.kind != "document" or "document" in cue.frames or referent.author is not None
        )
    if speaker.pos_ == "PRON":
        return True
    referent = context.names.referent(speaker)
    if referent is not None and referent.kind in ("person", "organisation", "country", "group"):
        return True
    if referent is not None and referent.kind == "document":
        return "document" in cue.frames or referent.author is not None or cue.kind == "according"
    return cue.kind == "according" or (
        cue.kind == "verb" and cue.lemma not in word_list("human_only") and _is_core(cue)
    )


def _is_core(cue: Cue) -> bool:
    return "quote" in cue.frames and cue.lemma in ("say", "add", "tell", "note", "read", "state")


# Refusals to speak


def _refusal(cue: Cue, sentence: Span) -> tuple[int, int] | None:
    """`declined to comment`, `did not immediately respond`: the range of these words."""
    lists = read_lexicon("reporting_verbs")["no_comment"]
    verb, lemma = cue.head, lemma_of(cue.head)
    if lemma in lists["refusing"]:
        for child in verb.rights:
            if (
                child.dep_ == "xcomp"
                and lemma_of(child) in lists["speaking"]
                and not any(one.dep_ == "ccomp" for one in child.children)
            ):
                return verb.idx, child.idx + len(child)
    if lemma in lists["answering"]:
        negation = next((child for child in verb.children if child.dep_ == "neg"), None)
        if negation is not None and not any(child.dep_ == "ccomp" for child in verb.children):
            first = next((child for child in verb.lefts if child.dep_ == "aux"), negation)
            return first.idx, verb.idx + len(verb)
    return None


# One statement a speaker


def _by_speaker(found: list[_Found]) -> Iterator[list[_Found]]:
    groups: list[list[_Found]] = []
    for one in found:
        for group in groups:
            if group[0].speakers[0].name == one.speakers[0].name and (group[0].said is None) == (one.said is None):
                group.append(one)
                break
        else:
            groups.append([one])
    yield from groups


def _content(group: list[_Found]) -> tuple[int, int] | None:
    """What all cues of one speaker report: from the first one's words on, as far as the later ones' reach."""
    reports = [one.said for one in group if one.said is not None]
    if not reports:
        return None
    first = reports[0]
    start, end = first.start, first.end
    if not first.before:
        for other in reports[1:]:
            if other.start >= start and not other.before:
                end = max(end, other.end)
    return start, end


def _mention(group: list[_Found], evidence: tuple[int, int], context: Context) -> Mention:
    first = group[0]
    content = _content(group)
    text = context.text[slice(*content)] if content else None
    rule = f"statement.{first.cue.kind}.{first.said.frame if first.said else 'refusal'}"
    return Mention(
        kind="statement",
        trigger=first.trigger,
        evidence=evidence,
        detail=Statement(_quote_type(content, context) if content else None, text),
        rule=rule,
        actors=first.speakers,
        time=context.times.for_trigger(first.cue.head),
        modality=first.modality,
        modality_cue=first.modality_cue,
        content=content,
    )


def _quote_type(content: tuple[int, int], context: Context) -> str:
    """Direct where quotation marks enclose what is said, mixed where they stand inside it, else indirect."""
    start, end = content
    for quote in context.quotes.in_range(start, end):
        if quote.start <= start and end <= quote.end:
            return "direct"
        if quote.inner_start <= start + 2 and quote.inner_end >= end - 2:
            return "direct"
    around = context.quotes.at(start)
    if around is not None:
        return "direct"
    return "mixed" if any(True for _ in context.quotes.in_range(start, end)) else "indirect"


# Transcripts and posts


def _lines(sentence: Span, context: Context) -> Iterator[Mention]:
    """`NAME: words` in a transcript; `words — Name (@name)` under a post."""
    return iter(())
