"""Who speaks: whether a cue's subject can, and whose the cue is when it has no subject of its own."""

from spacy.tokens import Token

from transforms.events.context import Context
from transforms.events.cue_speakers import SUBJECTS
from transforms.events.cues import Cue, word_list
from transforms.events.name_lists import word_set
from transforms.events.said_range import Said

_AGENTS = frozenset({"person", "organisation", "country", "group"})
_THINGS = frozenset({"it", "this", "that", "there", "which", "what", "these", "those", "all", "none"})
_SAYING = frozenset({"say", "tell", "state", "read", "warn", "claim", "announce", "insist"})


def may_speak(cue: Cue, speaker: Token, context: Context) -> bool:
    """Whether the party can speak or, for verbs that allow it, is a writing that shows something."""
    referent = context.names.referent(speaker)
    if speaker.lower_ in _THINGS:
        if cue.lemma in word_list("showing") and context.quotes.at(speaker.idx) is not None:
            return False
        if referent is None:
            return False
        return referent.kind in _AGENTS or "document" in cue.frames or referent.author is not None
    if speaker.pos_ == "PRON":
        return True
    if referent is not None and referent.kind in _AGENTS:
        return True
    if any(char.isupper() for char in speaker.text[1:]) and not speaker.text.rstrip("s").isupper():
        return True  # a brand that the model saw no name in: `OdeWorks`
    if referent is not None and referent.kind == "document":
        reads = cue.lemma in ("read", "say", "state", "add")
        if "document" in cue.frames or reads or referent.author is not None or cue.kind == "according":
            return True
        # `the lawsuit accuses`, `the letter urged`; what binds does not speak: `the bill calls for`
        return cue.kind == "verb" and not referent.words & word_set("binding") and cue.lemma not in word_list("showing")
    if speaker.pos_ == "NUM" or speaker.lemma_.lower() in ("percent", "pct", "%", "half", "majority"):
        return cue.lemma in _SAYING or speaker.lower_ in ("one", "another")  # respondents of a poll; `one wrote`
    if cue.kind == "according":
        return True
    if cue.kind == "noun" or cue.lemma in word_list("human_only"):
        return False
    named = speaker.pos_ == "PROPN" or (speaker.text[0].isupper() and not speaker.is_sent_start)
    return ("quote" in cue.frames and (named or cue.lemma in _SAYING)) or speaker.tag_ == "NNP"


def owner_of(cue: Cue, outer: tuple[Token, Said] | None, context: Context) -> Token | None:
    """The head of the phrase that names the speaker.

    A cue without a subject of its own that stands in or behind what an outer cue reports is the outer speaker's:
    `she said the town was ready, adding that …`.
    """
    own = cue.speaker
    if cue.kind != "verb" or outer is None:
        return own
    speaker, said = outer
    head = cue.head
    if any(child.dep_ in SUBJECTS for child in head.children) or head.idx < said.start or said.quote is not None:
        return own
    if head.tag_ == "VBG" and head.dep_ in ("advcl", "conj", "dep", "acl", "pcomp") and _behind_comma(head):
        return speaker
    if head.dep_ == "conj" and own is not None and not _is_agent(own, context):
        return speaker
    return own


def beside_quotation(cue: Cue, owner: Token | None, context: Context) -> Token | None:
    """The party that stands between a quotation and its cue, or behind the cue, where the parse names none or a word of the quotation."""
    head, doc = cue.head, context.doc
    if cue.kind != "verb" or "quote" not in cue.frames or context.quotes.at(head.idx) is not None:
        return owner
    start = head.sent.start_char
    before = [one for one in context.quotes.in_range(start, head.idx) if one.end <= head.idx]
    before = [one for one in before if not context.quotes.is_scare(one)] or before
    if not before:
        return owner
    between = [token for token in doc[head.sent.start : head.i] if token.idx >= before[-1].end]
    first = _party(between, context)
    if owner is not None and _is_agent(owner, context) and not before[-1].holds(owner.idx):
        return first if first is not None and _is_described(first, owner, between, context) else owner
    return (
        first
        or (
            _party(list(doc[head.i + 1 : min(head.i + 12, head.sent.end)]), context, cue.lemma == "read")
            if not any(token.is_alpha for token in between)
            else None
        )
        or owner
    )


def _is_described(first: Token, owner: Token, between: list[Token], context: Context) -> bool:
    """Whether what the parse takes for the subject only describes the person behind the quotation: `Ode, head of a firm told`."""
    referent = context.names.referent(first)
    named = referent is not None and referent.kind == "person" and referent.named and first.pos_ == "PROPN"
    finite = any(token.tag_ in ("VBD", "VBZ", "VBP") and token.i > first.i for token in between)
    apart = any(token.text == "," and first.i < token.i < owner.i for token in between)
    return named and apart and owner.pos_ in ("NOUN", "PROPN") and not finite


def _party(tokens: list[Token], context: Context, writing: bool = False) -> Token | None:
    """The last party before the first comma; or a writing, where one may stand there: `read the sign`."""
    found = None
    for token in tokens:
        if token.is_punct and found is not None:
            break
        if token.is_punct or token.is_space:
            continue
        if token.pos_ in ("ADP", "SCONJ", "VERB"):
            break
        if token.lower_ in ("he", "she", "they", "it", "i", "we") or (
            token.pos_ in ("NOUN", "PROPN")
            and (_is_agent(token, context) or (writing and token.lemma_.lower() in word_set("documents")))
        ):
            found = token
    return found


def _behind_comma(head: Token) -> bool:
    at = head.left_edge.i - 1
    while at > 0 and head.doc[at].text in ('"', "'", "''"):
        at -= 1
    return at >= 0 and (head.doc[at].text == "," or (head.doc[at].lower_ == "and" and head.dep_ == "conj"))


def _is_agent(token: Token, context: Context) -> bool:
    referent = context.names.referent(token)
    return (
        token.pos_ == "PRON"
        or (referent is not None and referent.kind in _AGENTS)
        or token.lemma_.lower() in word_set("people")
    )
