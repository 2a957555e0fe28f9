"""Finds where an event took place: the most specific place of its clause, as the text names it."""

from collections.abc import Iterator

from spacy.tokens import Span, Token

from schemas.event import Place
from transforms.events.context import Context
from transforms.events.gazetteer import fold_name, geocode, is_town
from transforms.events.lexicon import lemma_of, read_lexicon
from transforms.events.parties import CALENDAR

PLACE_ENTITIES = frozenset({"GPE", "LOC", "FAC"})
STOP_DEPS = frozenset({"relcl", "advcl", "ccomp", "csubj", "parataxis", "acl", "appos", "poss", "pcomp"})
# What stands below these is another affair: "met after clashes in Idlib".
OTHER_AFFAIRS = frozenset(
    {
        "following",
        "after",
        "before",
        "amid",
        "despite",
        "against",
        "without",
        "because",
        "instead",
        "since",
        "until",
        "due",
    }
)
UP_DEPS = frozenset({"dobj", "pobj", "nsubj", "nsubjpass", "attr", "prep", "compound", "conj"})
MAX_DEPTH = 6


def find_place(trigger: Token, sentence: Span, context: Context | None = None, deep: bool = True) -> Place | None:
    """The place of the event that `trigger` evokes, None where its clause names none.

    Looks at in/at/near … phrases of the trigger, of the verb it belongs to and of their objects, at a name in front of an
    event noun (`the Geneva talks`), and at what `where` stands for. The most specific one wins: a
    building before a town, a town before a country; then the one nearest to the trigger.

    Args:
        trigger: head word of the trigger.
        sentence: the sentence around it.
        context: the article.
        deep: whether phrases below other nouns of the clause count too (`talks on water in Lima`).
    """
    best: tuple[tuple[int, int], str] | None = None
    found = list(_candidates(trigger, sentence, deep)) or list(_antecedents(trigger))
    for rank, name, position in found:
        key = (-rank, abs(position - trigger.i))
        if best is None or key < best[0]:
            best = (key, name)
    return make_place(best[1]) if best is not None else None


def make_place(name: str) -> Place:
    """The place with its country and coordinates, where the gazetteer knows the name."""
    name = " ".join(name.split())
    country, lat, lon = geocode(name)
    return Place(name=name, country=country, lat=lat, lon=lon)


def name_place(token: Token, bare: bool = False) -> str | None:
    """The name of the place that `token` heads, without determiner, or None when it is no place.

    `bare` also takes common nouns for buildings (`the presidential palace`).
    """
    words = read_lexicon("places")
    if token.ent_type_ in ("DATE", "TIME") or token.lower_ in CALENDAR:
        return None
    if (
        token.pos_ == "NOUN" and token.lower_ in words["settlements"]
    ):  # "the Saudi city of Jeddah", "the capital, Abuja"
        named = [c for c in token.children if c.dep_ == "appos" and c.pos_ == "PROPN"]
        named += [
            n for c in token.children if c.lower_ == "of" for n in c.children if n.dep_ == "pobj" and n.pos_ == "PROPN"
        ]
        if named:
            return name_place(named[-1])
    if token.lower_ in words["never"] and not any(child.dep_ in ("compound", "amod") for child in token.children):
        return None
    head_is_facility = token.lower_ in words["facilities"]
    if token.ent_type_ in PLACE_ENTITIES:
        entity = next((ent for ent in token.doc.ents if ent.start <= token.i < ent.end), None)
        if entity is not None:
            return _trim(entity, widen=True)
    if token.pos_ == "PROPN" and (head_is_facility or geocode(_phrase(token).text) != (None, None, None)):
        return _trim(_phrase(token))
    if head_is_facility and any(child.pos_ == "PROPN" and child.dep_ == "compound" for child in token.children):
        return _trim(_phrase(token))
    if bare and token.lower_ in words["bare_facilities"]:
        return _trim(_phrase(token))
    return None


def is_site(token: Token) -> bool:
    """A building or a hill by its name, whatever the model calls it: `White House`, `Oval Office`."""
    site = token.lower_ in read_lexicon("places")["facilities"] or token.lower_ == "hill"
    return site and token.pos_ == "PROPN" and any(c.dep_ == "compound" and c.pos_ == "PROPN" for c in token.children)


def _candidates(trigger: Token, sentence: Span, deep: bool) -> Iterator[tuple[int, str, int]]:
    words = read_lexicon("places")
    for child in trigger.children:
        if (
            child.dep_ in ("compound", "nmod", "amod")
            and child.i < trigger.i
            and (child.ent_type_ in ("GPE", "LOC", "FAC") or is_site(child))
        ):
            name = name_place(child)
            if name is not None and trigger.pos_ == "NOUN" and (is_town(name) or is_site(child)):
                yield _rank(child, name), name, child.i
    for prep in _prepositions(trigger, sentence, deep):
        word = prep.lower_
        if word not in words["prepositions"] and not _leads_to(prep):
            continue
        if prep.head != trigger and prep.head.lemma_.lower() in words["tied"]:
            continue  # "spoke about the war in Sudan"
        for noun in (child for child in prep.children if child.dep_ == "pobj"):
            if word in words["strict"] and noun.lower_ not in words["strict_heads"] and noun.ent_type_ != "FAC":
                continue
            name = name_place(noun, bare=word in words["bare_prepositions"])
            if name is not None:
                yield _rank(noun, name), name, noun.i


def _leads_to(prep: Token) -> bool:
    """`flew to Lima`, `during a visit to Lima`."""
    if prep.lower_ != "to":
        return False
    if prep.head.pos_ == "VERB":
        return lemma_of(prep.head) in read_lexicon("modality")["motion"]
    journey = prep.head.lemma_.lower() in read_lexicon("modality")["motion_nouns"] and prep.head.dep_ == "pobj"
    return journey and prep.head.head.lower_ in ("during", "on")


def _antecedents(trigger: Token) -> Iterator[tuple[int, str, int]]:
    """What `where` stands for: `in Lima, where she met X`."""
    node = trigger
    for _ in range(MAX_DEPTH):
        if any(c.lower_ == "where" and c.dep_ == "advmod" for c in node.children) or node.head == node:
            break
        node = node.head
    name = name_place(node.head) if node.dep_ == "relcl" else None
    if name is not None and any(c.lower_ == "where" for c in node.children):
        yield _rank(node.head, name), name, node.head.i


def _prepositions(trigger: Token, sentence: Span, deep: bool) -> Iterator[Token]:
    """Prepositions below the trigger and below the verb that carries it, without crossing into another clause."""
    seen: set[int] = set()
    anchors = [trigger]
    node = trigger
    while node.pos_ in ("NOUN", "PROPN", "ADP") and node.dep_ in UP_DEPS and node.head != node:
        node = node.head
        if node.pos_ in ("VERB", "AUX"):
            anchors.append(node)
            break
    # "the talks, which begin on Tuesday in Geneva", "a meeting held in Oslo"
    anchors += [child for child in trigger.children if child.dep_ in ("relcl", "acl") and _tells_of(child)]
    for anchor in anchors:
        for prep in _below(anchor, 0, trigger):
            if not deep and not _is_close(prep, anchors):
                continue
            if prep.i not in seen and sentence.start <= prep.i < sentence.end:
                seen.add(prep.i)
                yield prep


def _is_close(prep: Token, anchors: list[Token]) -> bool:
    """`withdrew its troops in Lima`, `withdrew from the talks in Lima`, not `withdrew from the pact with rebels in Lima`."""
    noun = prep.head
    return noun in anchors or noun.dep_ == "dobj" or noun.lemma_.lower() in read_lexicon("places")["occasions"]


def _tells_of(clause: Token) -> bool:
    """Whether a clause after an event noun says what becomes of the event itself."""
    return clause.tag_ == "VBN" or any(c.dep_ in ("nsubj", "nsubjpass") and c.tag_ == "WDT" for c in clause.children)


def _below(node: Token, depth: int, trigger: Token) -> Iterator[Token]:
    if depth > MAX_DEPTH:
        return
    for child in node.children:
        if child.dep_ in STOP_DEPS or (child.dep_ == "conj" and child.pos_ in ("VERB", "AUX")):
            continue
        if child.dep_ in ("nsubj", "nsubjpass") and child != trigger and trigger not in child.subtree:
            continue  # "protesters in Lima met …": the subject's own place
        if child.dep_ == "prep":
            yield child
            if child.lower_ in OTHER_AFFAIRS:
                continue
        yield from _below(child, depth + 1, trigger)


def _phrase(token: Token) -> Span:
    """The noun phrase of a token without what follows it."""
    start = min(child.left_edge.i for child in [token, *token.lefts] if child == token or child.dep_ != "cc")
    return token.doc[start : token.i + 1]


def _trim(span: Span, widen: bool = False) -> str:
    """Text without leading determiner or preposition and trailing possessive; `widen` adds a direction (`northern Syria`)."""
    start, end = span.start, span.end
    doc = span.doc
    while start < end - 1 and (
        doc[start].pos_ in ("DET", "PUNCT", "ADP") or (doc[start].dep_ in ("det", "poss") and doc[start].pos_ == "PRON")
    ):
        start += 1
    while end - 1 > start and (doc[end - 1].tag_ == "POS" or (doc[end - 1].is_punct and doc[end - 1].text != ".")):
        end -= 1
    if (
        widen
        and start > 0
        and doc[start - 1].lower_ in read_lexicon("places")["direction"]
        and doc[start - 1].sent == doc[start].sent
    ):
        start -= 1
    return doc[start:end].text


def _rank(token: Token, name: str) -> int:
    """3 a building, 2 a town or a stretch of land, 1 a country or larger."""
    words = read_lexicon("places")
    last = fold_name(name).split()[-1]
    if token.ent_type_ == "FAC" or last in words["facilities"] or token.lower_ in words["bare_facilities"]:
        return 3
    country, lat, _ = geocode(name)
    return 2 if lat is not None or country is None else 1
