"""Statements: direct, indirect and mixed speech and writing, attributed to somebody."""

import dataclasses
import re
from collections.abc import Iterator, Sequence

from spacy.tokens import Span, Token

from schemas.event import Statement
from transforms.annotate.model import trim_span
from transforms.annotate.sentences import is_heading
from transforms.events.context import Context, Mention
from transforms.events.cue_speakers import is_passive
from transforms.events.cues import Cue, find_cues, word_list
from transforms.events.lexicon import lemma_of, read_lexicon
from transforms.events.said import find_said
from transforms.events.said_phrases import has_subject, pronoun_only
from transforms.events.said_range import Said
from transforms.events.standing import standing
from transforms.events.statement_content import said_by_all
from transforms.events.statement_details import Found, drop_said_again, find_time, quote_type
from transforms.events.statement_lines import find_lines
from transforms.events.statement_marks import behind_close, behind_colon
from transforms.events.statement_speakers import beside_quotation, may_speak, owner_of

_ASKED = re.compile(
    r"\b(?:comments?|requests?|inquir\w+|enquir\w+|questions?|calls?|e-?mails?|interview|repl\w+|reporters?)\b",
    re.IGNORECASE,
)


def find(sentence: Span, context: Context) -> list[Mention]:
    """Finds the statements whose cue stands in the sentence.

    A quotation that runs over several sentences is one statement, under the sentence with its cue. Several cues of one
    speaker in the sentence are one statement, under the first.
    """
    evidence = trim_span(sentence)
    if is_heading(context.text, *evidence):
        return list(find_lines(sentence, context))
    found = sorted(_read_all(sentence, context), key=lambda one: one.trigger)
    mentions = [_mention(group, evidence, found, context) for group in _by_speaker(found)]
    return mentions or list(find_lines(sentence, context))


def drop_repeats(mentions: Sequence[Mention]) -> list[Mention]:
    """Drops statements given again word for word; those of an article, in the order of the text."""
    return drop_said_again(mentions)


def _read_all(sentence: Span, context: Context) -> list[Found]:
    cues = list(find_cues(sentence))
    inner = [cue for cue in cues if context.quotes.at(cue.head.idx) is not None]
    found: list[Found] = []
    outer: tuple[Token, Said] | None = None
    # cues inside a quotation come last: their `I` is whoever speaks it
    for cue in [*(cue for cue in cues if cue not in inner), *inner]:
        one, speaker = _read(cue, outer, sentence, context)
        if one is None:
            continue
        found.append(one)
        if outer is None and one.said is not None and speaker is not None and not one.said.before:
            outer = speaker, one.said
    other = behind_colon(sentence, found, context) or behind_close(sentence, found, context)
    if other is not None and other.said is not None and other.said.quote is not None and other.cue.speaker is not None:
        context.names.set_speaker(other.said.quote.start, other.cue.speaker)
    return [*found, other] if other is not None else found


def _read(
    cue: Cue, outer: tuple[Token, Said] | None, sentence: Span, context: Context
) -> tuple[Found | None, Token | None]:
    owner = beside_quotation(cue, owner_of(cue, outer, context), context)
    if owner is not None and owner != cue.speaker:
        cue = dataclasses.replace(cue, speaker=owner)
    if owner is None or not may_speak(cue, owner, context):
        return None, None
    speakers = tuple(context.names.actors(owner, "speaker"))
    if not speakers or _quotes_another(cue):
        return None, None
    refusal = _refusal(cue, sentence) if cue.kind == "verb" else None
    if refusal is not None:
        return Found(cue, None, speakers, refusal, "negated", context.text[slice(*refusal)]), owner
    modality, words = standing(cue)
    if modality is None or (modality == "planned" and cue.lemma not in word_list("announcing")):
        return None, None
    if modality == "planned" and any(
        child.dep_ in ("dobj", "dative") and child.lower_ == "you" for child in cue.head.rights
    ):
        return None, None  # `they will tell you that …`
    said = find_said(cue, sentence, context.quotes)
    if said is None or (modality == "negated" and not _denies_words(cue, said, context)):
        return None, None
    quote = context.quotes.at(cue.head.idx)
    if (
        quote is not None
        and owner.lower_ in ("i", "we")
        and (context.names.is_spoken(quote.start) or said.frame != "quote")
    ):
        return None, None  # the speaker of the quotation goes on speaking in it
    if said.frame == "object" and cue.lemma in word_list("showing") and not _is_writing(owner, context):
        said = said if "object" in cue.frames and cue.lemma != "show" else None
        if said is None:
            return None, None
    if cue.lemma == "show" and speakers[0].type == "person":
        return None, None  # `she showed maturity`
    around = context.quotes.at(cue.head.idx)
    if around is not None and said.end > around.inner_end:  # words inside a quotation report nothing outside it
        if said.start >= around.inner_end:
            return None, None
        said = dataclasses.replace(said, end=around.inner_end)
    if cue.lemma == "agree" and said.frame == "clause" and not has_subject(context.doc, said):
        return None, None  # `agreed to, drew up and signed`
    if (
        cue.lemma in ("hold", "continue", "maintain")
        and said.frame == "clause"
        and not context.text[max(0, said.start - 5) : said.start].endswith("that ")
    ):
        return None, None
    if cue.lemma == "find" and not (
        _is_writing(owner, context) or context.text[max(0, said.start - 5) : said.start].endswith("that ")
    ):
        return None, None
    if pronoun_only(context.doc, said):
        if cue.lemma not in ("deny", "confirm"):
            return None, None
        said = None
    if said is not None and said.quote is not None:
        context.names.set_speaker(said.quote.start, owner)
    trigger = cue.words[0].idx, cue.words[-1].idx + len(cue.words[-1])
    cue_text = context.text[words[0].idx : words[-1].idx + len(words[-1])] if words else None
    return Found(cue, said, speakers, trigger, modality, cue_text), owner


def _quotes_another(cue: Cue) -> bool:
    """`The paper quoted Ode as saying`: the words are Ode's alone."""
    if cue.lemma not in ("quote", "cite"):
        return False
    if is_passive(cue.head) and not (cue.speaker is not None and cue.speaker.dep_ == "pobj"):
        return False
    return any(child.lower_ == "as" and any(one.dep_ == "pcomp" for one in child.children) for child in cue.head.rights)


def _is_writing(owner: Token, context: Context) -> bool:
    referent = context.names.referent(owner)
    return referent is not None and referent.kind == "document"


def _denies_words(cue: Cue, said: Said, context: Context) -> bool:
    """Whether a negated cue still says which words were not spoken: `has not said it will go`, not `did not explain why`."""
    if said.frame == "object" and cue.lemma in word_list("withholding"):
        return True
    if said.before and said.quote is None:
        return False
    first = context.text[said.start : said.end].split()[:1]
    return said.frame in ("clause", "quote", "colon") and first not in (
        ["why"],
        ["how"],
        ["what"],
        ["when"],
        ["where"],
        ["who"],
    )


def _refusal(cue: Cue, sentence: Span) -> tuple[int, int] | None:
    """`declined to comment`, `did not immediately respond`: the range of these words."""
    lists = read_lexicon("reporting_verbs")["no_comment"]
    verb, lemma = cue.head, lemma_of(cue.head)
    if lemma in lists["refusing"]:
        for child in verb.rights:
            given = any(one.dep_ == "dobj" and one.lemma_.lower() in lists["given"] for one in child.rights)
            speaks = lemma_of(child) in lists["speaking"] or (lemma_of(child) in lists["giving"] and given)
            named = any(one.dep_ == "auxpass" for one in child.lefts)  # `declined to be named` withholds no words
            if child.dep_ == "xcomp" and speaks and not named:
                if any(one.dep_ == "ccomp" for one in child.children):
                    return None
                return verb.idx, child.idx + len(child)
    if lemma in lists["answering"] and _ASKED.search(sentence.text):
        negation = next((child for child in verb.children if child.dep_ == "neg"), None)
        if negation is not None and not any(child.dep_ == "ccomp" for child in verb.children):
            first = next((child for child in verb.lefts if child.dep_ == "aux"), negation)
            return first.idx, verb.idx + len(verb)
    return None


# One statement a speaker


def _by_speaker(found: list[Found]) -> Iterator[list[Found]]:
    groups: list[list[Found]] = []
    for one in found:
        for group in groups:
            if group[0].speakers[0].name == one.speakers[0].name and (group[0].said is None) == (one.said is None):
                group.append(one)
                break
        else:
            groups.append([one])
    for group in groups:
        yield _lead(group)


def _lead(group: list[Found]) -> list[Found]:
    """A bare judgement gives way to a clause behind it: `condemned the test and said that …`."""
    for one in group[1:]:  # a cue that stands inside what another one reports is not the first
        if one.said is not None and one.said.start <= group[0].trigger[0] < one.said.end and group[0].said is not None:
            return [one, *(other for other in group if other is not one)]
    first = group[0]
    bare = (
        first.said is not None
        and first.said.frame == "object"
        and (first.cue.lemma in word_list("judging") or first.cue.head.tag_ == "VBG")
    )
    clauses = [one for one in group[1:] if one.said is not None and one.said.frame in ("clause", "quote")]
    return [*clauses, first] if bare and clauses else group


def _mention(group: list[Found], evidence: tuple[int, int], found: list[Found], context: Context) -> Mention:
    first = group[0]
    content = said_by_all(group, found, context.quotes)
    return Mention(
        kind="statement",
        trigger=first.trigger,
        evidence=evidence,
        detail=Statement(
            quote_type(content, first, context) if content else None,
            context.text[slice(*content)] if content else None,
        ),
        rule=f"statement.{first.cue.kind}.{first.said.frame if first.said else 'refusal'}",
        actors=first.speakers,
        time=find_time(first, context),
        modality=first.modality,
        modality_cue=first.modality_cue,
        content=content,
    )
