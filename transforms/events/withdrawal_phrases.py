"""How a withdrawal's object and source are written: the phrase around a head, and what `the country` stands for."""

from spacy.tokens import Token

from transforms.events.context import Context
from transforms.events.parties import is_party
from transforms.events.withdrawal_kinds import classify, whole_of

_CAUSES = frozenset({"reason", "purpose", "cause", "year", "month", "week", "lack", "fear", "now"})
VAGUE = frozenset({"country", "it", "bloc", "nation", "company", "organisation", "organization", "them", "him", "her"})


def _land_before(token: Token) -> str:
    """The place that `the country` stands for: the last one named before it, in its sentence or the one before."""
    doc, floor = token.doc, token.sent.start
    floor = doc[floor - 1].sent.start if floor else floor
    for i in range(token.i - 1, floor - 1, -1):
        if doc[i].ent_type_ == "GPE" and classify(doc[i]) == "territory" and doc[i].dep_ not in ("amod", "compound"):
            return doc[i].text
    return token.text


def describe(token: Token | None, context: Context) -> str | None:
    """A phrase as the text has it, from its first modifier to its head and an `of` phrase, without determiner.

    A pronoun or a bare `the country` is replaced by the name that it stands for.
    """
    if token is None:
        return None
    doc, whole = token.doc, whole_of(token)
    if whole != token and token.pos_ in ("PRON", "DET"):
        return describe(whole, context)  # `some of its troops`
    if token.pos_ == "PRON" or (
        token.lemma_.lower() in VAGUE
        and not any(c.dep_ in ("amod", "compound", "poss", "prep") for c in token.children)
    ):
        actor = context.names.actor(token, "source")
        if token.lower_ == "country" and (actor is None or actor.name.lower() == "country"):
            return _land_before(token)
        return actor.name if actor is not None else None
    if token.ent_type_ == "PERSON" and is_party(token):
        actor = context.names.actor(token, "source")
        if actor is not None:
            return actor.name
    start, end = token.left_edge.i, token.i + 1
    while start < token.i and (
        doc[start].pos_ in ("DET", "PUNCT", "SPACE", "CCONJ")
        or (doc[start].dep_ == "poss" and doc[start].pos_ == "PRON")
    ):
        start += 1
    if token.tag_ == "VBG":
        start, end = token.i, token.right_edge.i + 1
    for child in token.rights:
        if child.dep_ == "prep" and child.lower_ in ("of", "for", "on", "to") and child.i == end:
            noun = next((c for c in child.children if c.dep_ == "pobj"), None)
            if noun is not None and child.lower_ == "for" and noun.lemma_.lower() in _CAUSES:
                break
            if (
                child.lower_ == "on"
                and noun is not None
                and noun.lemma_.lower() in ("eve", "day", "basis", "ground", "condition")
            ):
                continue
            if noun is not None and noun.ent_type_ not in ("DATE", "TIME"):
                end = noun.i + 1
                break
        elif child.dep_ == "acl" and any(c.tag_ == "TO" for c in child.children) and child.right_edge.i - token.i <= 10:
            end = child.right_edge.i + 1  # "offers to sell …"
    comma = next((i for i in range(token.i + 1, end) if doc[i].text in (",", ";", "--")), None)
    end = comma if comma is not None and token.tag_ != "VBG" else end
    # hard wraps of old wire copy are no part of a phrase
    return " ".join(context.text[doc[start].idx : doc[end - 1].idx + len(doc[end - 1])].split())
