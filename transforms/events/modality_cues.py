"""Cues of modality in one clause: negation, auxiliaries, adverbs, and what stands around an event noun."""

import dataclasses
from collections.abc import Iterator

from spacy.tokens import Token

from transforms.events.lexicon import keys_of, lemma_of, read_classes, read_lexicon

SUBJECT_DEPS = frozenset({"nsubj", "nsubjpass"})
_NAME_LENGTH = 14  # tokens of a name with its titles and brackets
_ASKED = frozenset({"for", "on", "to", "from", "by"})
OBJECT_DEPS = frozenset({"dobj", "attr", "oprd", "dative", "obj"})


@dataclasses.dataclass(frozen=True, slots=True)
class Cue:
    """What some words say of an event's modality; `final` where nothing inside their reach can change it (`if`)."""

    modality: str
    words: tuple[Token, ...]
    final: bool = False


def lookup(section: str, token: Token, via: Token | None = None) -> str | None:
    """The class of a word in a section of the list, by its most specific key; None for an unlisted word."""
    table = read_classes("modality", section)
    return next((table[key] for key in keys_of(token, via) if key in table), None)


def is_negation(word: Token) -> bool:
    """True for `not`, `no`, `never` and their like."""
    return word.dep_ == "neg" or word.lower_ in ("no", "never", "neither", "nor")


def own_cues(verb: Token) -> Iterator[Cue]:
    """Negation, auxiliaries and adverbs of one clause."""
    adverbs = read_classes("modality", "adverbs")
    holder = verb
    if verb.dep_ == "conj" and not any(child.dep_ in ("nsubj", "nsubjpass", "aux") for child in verb.children):
        # "will travel to Paris and meet X": the second verb shares the first one's auxiliaries
        holder = verb.head
    for child in [
        *verb.children,
        *(c for c in holder.children if holder != verb and c.dep_ in ("aux", "auxpass", "neg")),
    ]:
        if holder != verb and child.head == holder and verb.tag_ in ("VBD", "VBZ") and holder.tag_ != verb.tag_:
            continue
        if child.dep_ == "neg":
            if not _only(child):
                yield Cue("negated", (child,))
        elif child.dep_ in ("aux", "auxpass") and child.tag_ != "TO":
            label = read_classes("modality", "auxiliaries").get(child.lower_)
            if label == "would":
                wished = lemma_of(verb) in read_lexicon("modality")["wishing"]  # "she would welcome a meeting"
                yield Cue("planned" if _is_future_in_past(verb) and not wished else "possible", (child,))
            elif label is not None and child.tag_ == "MD":
                yield Cue(label, (child,))
        elif child.dep_ == "dobj" and any(c.lower_ == "neither" and c.i < child.i for c in child.children):
            yield Cue("negated", tuple(c for c in child.children if c.lower_ == "neither"))
        elif child.lower_ == "longer" and any(c.lower_ == "no" for c in child.lefts):
            yield Cue("negated", (child.nbor(-1), child))  # "is no longer in talks"
        elif child.dep_ == "advmod" and child.lower_ in adverbs and child.i < verb.i + 2:
            yield Cue(adverbs[child.lower_], (child,))
        elif child.dep_ in SUBJECT_DEPS and _is_denied(child):
            yield Cue("negated", tuple(c for c in child.children if c.dep_ == "det"))


def _is_denied(subject: Token) -> bool:
    """`no minister met her`, not `no date was set for the talks`."""
    if subject.lemma_.lower() in read_lexicon("modality")["aspects"]:
        return False
    return any(c.dep_ == "det" and c.lower_ in ("no", "neither") for c in subject.children)


def _only(negation: Token) -> bool:
    """`not only`, `no longer`-like negations that deny nothing of the event."""
    after = negation.nbor(1).lower_ if negation.i + 1 < len(negation.doc) else ""
    return negation.lower_ in ("not", "n't", "n’t") and after in ("only", "just", "merely", "least", "surprisingly")


def is_conditional(verb: Token) -> bool:
    """Whether a condition hangs on a verb or on the one it continues: `if she were there, she would stay and meet them`."""
    first = verb
    while first.dep_ == "conj":
        first = first.head
    clauses = [child for one in {verb, first} for child in one.children if child.dep_ == "advcl"]
    return any(c.lower_ in ("if", "unless") for clause in clauses for c in clause.children)


def _is_future_in_past(verb: Token) -> bool:
    """True for `said it would withdraw` without a condition."""
    if is_conditional(verb):
        return False
    reports = read_lexicon("modality")["reports"]
    while verb.dep_ == "conj" and lemma_of(verb.head) not in reports:
        verb = verb.head  # "announced it would trim its staff and withdraw"
    head = verb.head
    while head.dep_ == "conj":
        head = head.head
    if verb.dep_ in ("ccomp", "conj", "acl", "relcl") and lemma_of(head) in reports and head != verb:
        return head.tag_ in ("VBD", "VBN", "VBG") or head.pos_ == "NOUN"
    return any(
        child.dep_ in ("ccomp", "parataxis") and lemma_of(child) in reports and child.tag_ == "VBD"
        for child in verb.children
    )


def modifier_cues(noun: Token) -> Iterator[Cue]:
    """Adjectives and determiners of an event noun, and clauses that say what became of it."""
    modifiers = read_classes("modality", "modifiers")
    for child in noun.children:
        if child.dep_ in ("amod", "det", "neg", "advmod", "nmod", "compound", "predet") and child.i < noun.i:
            named = child.text[:1].isupper() and child.i > child.sent.start  # "the Cloud Next conference"
            label = None if named else modifiers.get(child.lower_)
            if label is not None and not (label != "negated" and (_took_place(noun) or _is_told_of(noun))):
                yield Cue(label, (child,))
        elif child.dep_ in ("acl", "relcl"):
            label = lookup("event", child)
            if label == "negated" and lemma_of(noun.head) in read_lexicon("modality")["reviving"]:
                continue  # "resume the talks it abandoned"
            to_be = [word for word in child.children if word.tag_ == "TO" or word.dep_ == "auxpass"]
            if len(to_be) == 2 and child.tag_ == "VBN" and label in ("veridical", "planned"):
                yield Cue("planned", tuple(to_be))  # "a meeting to be held in July"
                continue
            if label in ("planned", "possible", "negated") and _is_object_of(noun, child):
                own = list(own_cues(child))
                if label != "negated" and any(is_negation(word) for c in own for word in c.words):
                    label = "negated"
                yield Cue(label, (child,))
            elif label == "veridical":
                yield from own_cues(child)


def _took_place(noun: Token) -> bool:
    """`the planned talks began on Monday`, `the long-awaited meeting was held`."""
    verb = noun.head
    if noun.dep_ not in ("nsubj", "nsubjpass") or lookup("event", verb) != "veridical" or lemma_of(verb) == "be":
        return False
    past = verb.tag_ == "VBD" or any(child.lower_ in ("was", "were", "has", "have") for child in verb.children)
    return past and not any(child.tag_ == "MD" or child.dep_ == "neg" for child in verb.children)


def _is_told_of(noun: Token) -> bool:
    """`raised the matter at the next meeting`: the next one of a story that is told."""
    return (
        noun.dep_ == "pobj"
        and noun.head.lower_ in ("at", "by", "in", "during")
        and noun.head.head.tag_ == "VBD"
        and lemma_of(noun.head.head) not in read_lexicon("modality")["reports"]
    )


def _is_object_of(noun: Token, clause: Token) -> bool:
    """True for `the meeting (that was) planned`, `the talks he proposed`, not for `the meeting that urged`."""
    if clause.dep_ == "acl":
        return clause.tag_ == "VBN"
    subjects = [child for child in clause.children if child.dep_ in SUBJECT_DEPS]
    if any(c.dep_ == "pobj" and c.tag_ in ("WDT", "WP") for child in clause.children for c in child.children):
        return False  # "talks in which they discussed …"
    if any(child.dep_ == "dobj" and child.tag_ not in ("WDT", "WP") for child in clause.children):
        return False
    if any(child.dep_ == "nsubjpass" for child in subjects):
        return True
    return any(child.tag_ not in ("WDT", "WP") for child in subjects)


def called_for(node: Token, head: Token) -> Cue | None:
    """`issued a call for X to resign`: the infinitive belongs to the noun before it, whichever the parser chose."""
    asked = _asked_before(node)
    if asked is not None:
        return asked
    if any(c.dep_ == "mark" and c.lower_ == "for" for c in node.children):  # "calling for X to resign"
        label = read_classes("modality", "clause").get(f"{lemma_of(head)} for")
        if label is not None:
            return Cue(label, (head, *(c for c in node.children if c.dep_ == "mark" and c.i == head.i + 1)))
    for via in head.children:
        if (
            via.dep_ == "prep"
            and head.i < via.i < node.i
            and f"{lemma_of(head)} {via.lower_}" in read_classes("modality", "clause")
        ):
            label = lookup("clause", head, via)
            return Cue(label, (head, via)) if label in ("planned", "possible", "negated") else None
    for noun in head.children:
        if noun.dep_ in OBJECT_DEPS and noun.i < node.i:
            links = [
                *noun.children,
                *(c for c in head.children if noun.i < c.i < node.i and c.lower_ in ("from", "by")),
            ]
            link = next((c for c in links if c.dep_ == "prep" and c.lower_ in _ASKED), None)
            label = lookup("nouns", noun)
            if link is not None and label in ("planned", "possible", "negated"):
                return Cue(label, (noun, *((link,) if link.i == noun.i + 1 else ())))
    return None


def _asked_before(node: Token) -> Cue | None:
    """`calling for Rep. Ann Lee (R-Mo.) to resign`: by the words alone, for names that the parser stumbles over."""
    to = next((c for c in node.children if c.tag_ == "TO"), None)
    if to is None:
        return None
    for token in reversed(node.doc[max(node.sent.start + 1, to.i - _NAME_LENGTH) : to.i]):
        if token.pos_ in ("VERB", "AUX") or token.text in (";", ":", "."):
            return None
        if token.lower_ == "for":
            asks = token.nbor(-1)
            return Cue("possible", (asks, token)) if lemma_of(asks) in read_lexicon("modality")["asking"] else None
    return None


def is_yet(verb: Token) -> bool:
    """`has yet to meet`."""
    return any(child.lower_ == "yet" for word in (verb, *verb.children) for child in (word, *word.children))


def is_over(trigger: Token) -> bool:
    """`pledged to work together after a meeting Thursday`: what the past follows lies in the past."""
    if trigger.dep_ != "pobj" or trigger.head.lower_ not in ("after", "following"):
        return False
    node = trigger.head.head
    while node.dep_ in ("xcomp", "conj", "prep", "pobj", "dobj") and node.head != node:
        if any(c.tag_ == "MD" for c in node.children):
            return False
        node = node.head
    return node.tag_ == "VBD" and not any(c.tag_ == "MD" for c in node.children)


def is_pleasure(head: Token) -> bool:
    """What one says of a meeting that took place: `it was an honour to meet`."""
    if head.dep_ == "dobj" and lemma_of(head.head) == "have" and head.head.tag_ in ("VBD", "VBN"):
        modal = any(c.tag_ == "MD" or c.dep_ == "neg" for c in head.head.children)
        return not modal and head.lemma_.lower() in read_lexicon("modality")["had"]  # "has had a chance to meet"
    verb = head.head if head.dep_ == "attr" else head
    past = verb.tag_ == "VBD" or any(c.tag_ == "VBD" for c in verb.children if c.dep_ in ("aux", "auxpass"))
    pleasures = read_lexicon("modality")["pleasures"]
    words = [head] if head != verb else [head, *(c for c in head.children if c.dep_ in ("attr", "acomp"))]
    return past and any(lemma_of(word) in pleasures or word.lower_ in pleasures for word in words)


def standing_of(verb: Token) -> Cue | None:
    """`a meeting is in the works`, `on the cards`, `off the table`."""
    table = read_classes("modality", "standing")
    for prep in verb.children:
        for noun in prep.children:
            key = f"off {noun.lower_}" if prep.lower_ == "off" else noun.lower_
            if prep.dep_ == "prep" and noun.dep_ == "pobj" and key in table:
                return Cue(table[key], (prep, noun))
    return None


def is_definite(noun: Token) -> bool:
    """True for `the talks`, `these talks`, `Lima's talks`."""
    return any(
        (child.dep_ == "det" and child.lower_ in ("the", "this", "that", "these", "those")) or child.dep_ == "poss"
        for child in noun.lefts
    )
