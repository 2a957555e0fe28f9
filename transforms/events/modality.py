"""Tells whether an event happened, is planned, is possible or did not happen, and by which words."""

import dataclasses
from collections.abc import Iterator

from spacy.tokens import Token

from transforms.events.context import Context
from transforms.events.lexicon import keys_of, lemma_of, read_classes, read_lexicon

CLAUSE_DEPS = frozenset({"xcomp", "ccomp", "advcl", "acl", "relcl", "pcomp", "csubj", "csubjpass"})
SUBJECT_DEPS = frozenset({"nsubj", "nsubjpass"})
OBJECT_DEPS = frozenset({"dobj", "attr", "oprd", "dative", "obj"})
RANK = {"asserted": 0, "planned": 1, "possible": 2, "negated": 3}
MAX_STEPS = 12  # an event is never that deep below the word that decides about it; guards against odd parses
PRESENT_TAGS = frozenset({"VBP", "VBZ", "VB"})


@dataclasses.dataclass(frozen=True, slots=True)
class Judgement:
    """modality: asserted, planned, possible or negated; cue: the deciding words, verbatim, None for plain assertions."""

    modality: str = "asserted"
    cue: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class _Cue:
    modality: str
    words: tuple[Token, ...]


def judge(trigger: Token, context: Context | None = None, light: frozenset[str] = frozenset()) -> Judgement:
    """Judges the event that `trigger` (verb or noun) evokes.

    Args:
        trigger: head word of the trigger.
        context: where given, a future date makes a plain assertion `planned`.
        light: lemmas that add nothing to this trigger whatever the lexicon says (`announced his resignation`).
    """
    best: _Cue | None = None
    for cue in _cues(trigger, light):
        if best is None or RANK[cue.modality] > RANK[best.modality]:
            best = cue
    if best is not None and best.modality != "asserted":
        return Judgement(best.modality, _text(best.words))
    if best is None and context is not None and context.day is not None:
        time = context.times.for_trigger(trigger)
        if time is not None and time.first > context.day:
            return Judgement("planned", time.text)
    return Judgement()


def _text(words: tuple[Token, ...]) -> str:
    ordered = sorted(set(words), key=lambda word: word.i)
    if ordered[-1].i - ordered[0].i == len(ordered) - 1:
        return ordered[0].doc[ordered[0].i : ordered[-1].i + 1].text
    return " ".join(word.text for word in ordered)


def _lookup(section: str, token: Token, via: Token | None = None) -> str | None:
    table = read_classes("modality", section)
    return next((table[key] for key in keys_of(token, via) if key in table), None)


def _cues(trigger: Token, light: frozenset[str]) -> Iterator[_Cue]:
    """Walks from the trigger to the words that govern it and yields what each says."""
    node, steps = trigger, 0
    if trigger.pos_ in ("NOUN", "PROPN") or trigger.dep_ in OBJECT_DEPS | SUBJECT_DEPS | {"pobj"}:
        yield from _modifier_cues(trigger)
    else:
        yield from _own_cues(trigger)
    while steps < MAX_STEPS:
        steps += 1
        step = _climb(node, light)
        if step is None:
            return
        cue, governor, goes_on = step
        if governor is not None:
            own = (
                list(_own_cues(governor)) if governor.pos_ in ("VERB", "AUX", "ADJ") else list(_modifier_cues(governor))
            )
            if (
                cue is not None
                and cue.modality == "negated"
                and any(_is_negation(word) for c in own for word in c.words)
            ):
                # "did not rule out talks", "no reason to refuse": what is left is a possibility
                yield _Cue("possible", (*cue.words, *(word for c in own for word in c.words)))
                return
            if cue is not None:
                yield cue
            if goes_on or cue is not None:
                yield from own
        elif cue is not None:
            yield cue
        if not goes_on or governor is None:
            return
        node = governor


def _is_negation(word: Token) -> bool:
    return word.dep_ == "neg" or word.lower_ in ("no", "never", "neither", "nor")


def _own_cues(verb: Token) -> Iterator[_Cue]:
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
        if (
            holder != verb
            and child.head == holder
            and verb.tag_ in ("VBD", "VBZ", "VBP")
            and holder.tag_ != verb.tag_
        ):
            continue
        if child.dep_ == "neg":
            if not _only(child):
                yield _Cue("negated", (child,))
        elif child.dep_ in ("aux", "auxpass") and child.tag_ != "TO":
            label = read_classes("modality", "auxiliaries").get(child.lower_)
            if label == "would":
                yield _Cue("planned" if _is_future_in_past(verb) else "possible", (child,))
            elif label is not None and child.tag_ == "MD":
                yield _Cue(label, (child,))
        elif child.dep_ == "advmod" and child.lower_ in adverbs and child.i < verb.i + 2:
            yield _Cue(adverbs[child.lower_], (child,))
        elif child.dep_ in SUBJECT_DEPS and any(
            c.dep_ == "det" and c.lower_ in ("no", "neither") for c in child.children
        ):
            yield _Cue("negated", tuple(c for c in child.children if c.dep_ == "det"))


def _only(negation: Token) -> bool:
    """`not only`, `no longer`-like negations that deny nothing of the event."""
    after = negation.nbor(1).lower_ if negation.i + 1 < len(negation.doc) else ""
    return negation.lower_ in ("not", "n't", "n’t") and after in ("only", "just", "merely", "least", "surprisingly")


def _is_future_in_past(verb: Token) -> bool:
    """True for `said it would withdraw` without a condition."""
    if any(
        child.dep_ == "advcl" and any(c.lower_ in ("if", "unless") for c in child.children) for child in verb.children
    ):
        return False
    reports = read_lexicon("modality")["reports"]
    head = verb.head
    while head.dep_ == "conj":
        head = head.head
    if verb.dep_ in ("ccomp", "conj", "acl", "relcl") and lemma_of(head) in reports and head != verb:
        return head.tag_ in ("VBD", "VBN", "VBG") or head.pos_ == "NOUN"
    return any(
        child.dep_ in ("ccomp", "parataxis") and lemma_of(child) in reports and child.tag_ == "VBD"
        for child in verb.children
    )


def _modifier_cues(noun: Token) -> Iterator[_Cue]:
    """Adjectives and determiners of an event noun, and clauses that say what became of it."""
    modifiers = read_classes("modality", "modifiers")
    for child in noun.children:
        if child.dep_ in ("amod", "det", "neg", "advmod", "nmod", "compound", "predet") and child.i < noun.i:
            label = modifiers.get(child.lower_)
            if label is not None:
                yield _Cue(label, (child,))
        elif child.dep_ in ("acl", "relcl"):
            label = _lookup("event", child)
            if label in ("planned", "possible", "negated") and _is_object_of(noun, child):
                own = list(_own_cues(child))
                if label != "negated" and any(_is_negation(word) for c in own for word in c.words):
                    label = "negated"
                yield _Cue(label, (child,))
            elif label == "veridical":
                yield from _own_cues(child)


def _is_object_of(noun: Token, clause: Token) -> bool:
    """True for `the meeting (that was) planned`, `the talks he proposed`, not for `the meeting that urged`."""
    if clause.dep_ == "acl":
        return clause.tag_ == "VBN"
    subjects = [child for child in clause.children if child.dep_ in SUBJECT_DEPS]
    if any(child.dep_ == "nsubjpass" for child in subjects):
        return True
    return any(child.tag_ not in ("WDT", "WP") for child in subjects)


def _climb(node: Token, light: frozenset[str]) -> tuple[_Cue | None, Token | None, bool] | None:
    """One step up: what the governor says, the governor, and whether it passes on its own standing."""
    head = node.head
    if head == node:
        if node.tag_ == "VB" and any(child.tag_ == "TO" for child in node.children):
            return (
                _Cue("planned", tuple(c for c in node.children if c.tag_ == "TO")),
                None,
                False,
            )  # headline: "X to meet Y"
        return None
    dep = node.dep_
    if dep == "conj":
        if head.pos_ in ("NOUN", "PROPN") and node.pos_ in ("NOUN", "PROPN"):
            return None, head, True
        if any(child.dep_ in SUBJECT_DEPS for child in node.children):
            return None
        return _climb(head, light) if head.pos_ in ("VERB", "AUX") else None
    if dep in CLAUSE_DEPS and node.pos_ in ("VERB", "AUX", "NOUN"):
        return _climb_clause(node, head, light)
    if dep in OBJECT_DEPS or dep in SUBJECT_DEPS:
        return _climb_argument(node, head, light)
    if dep == "pobj" or (dep == "pcomp"):
        return _climb_preposition(node, head, light)
    if dep in ("compound", "nmod", "appos", "poss") and head.pos_ in ("NOUN", "PROPN"):
        return None, head, dep != "poss" and dep != "appos"
    return None


def _climb_clause(node: Token, head: Token, light: frozenset[str]) -> tuple[_Cue | None, Token | None, bool] | None:
    if node.dep_ == "pcomp":
        return _climb_preposition(node, head, light)
    marks = read_classes("modality", "marks")
    for child in node.children:
        if child.dep_ in ("mark", "advmod") and child.lower_ in marks and child.i < node.i:
            kind = marks[child.lower_]
            if kind == "possible":
                return _Cue("possible", (child,)), None, False
            if kind == "temporal" and node.dep_ == "advcl":
                return _temporal(node, head)
    infinitive = any(child.tag_ == "TO" for child in node.children)
    if node.dep_ == "xcomp" and lemma_of(head) == "be" and infinitive:  # "are to meet"
        return _Cue("planned", (head, *(c for c in node.children if c.tag_ == "TO"))), head, True
    if node.dep_ in ("acl", "relcl") and head.pos_ in ("NOUN", "PROPN"):
        return _climb_acl(node, head, infinitive, light)
    if node.dep_ == "relcl":
        return None
    label = None if lemma_of(head) in light else _lookup("clause", head)
    if node.dep_ == "advcl" and not infinitive:
        return None
    if node.dep_ in ("xcomp", "ccomp") or (node.dep_ == "advcl" and label in ("possible", "negated", "planned")):
        if node.dep_ == "ccomp" and not infinitive:
            if label in ("negated", "possible") and not _is_report(head):
                return _Cue(label, _governor_words(head, "clause")), head, True
            return None
        if label == "veridical":
            return None, head, True
        if label is not None:
            return _Cue(label, _governor_words(head, "clause")), head, True
        if lemma_of(head) == "have" and infinitive:
            return _Cue("possible", (head, *(c for c in node.children if c.tag_ == "TO"))), head, True
        return None, head, True
    if node.dep_ == "advcl":  # purpose: "flew to Paris to meet X"
        to = tuple(c for c in node.children if c.tag_ == "TO")
        return _Cue("planned", to), head, True
    return None


def _is_report(head: Token) -> bool:
    return lemma_of(head) in read_lexicon("modality")["reports"]


def _temporal(node: Token, head: Token) -> tuple[_Cue | None, Token | None, bool] | None:
    """`when they meet` under a future main clause is as planned as that clause."""
    tensed = node if node.tag_ != "VBN" else next((c for c in node.children if c.dep_ in ("aux", "auxpass")), node)
    return (None, head, False) if tensed.tag_ in PRESENT_TAGS and _planned(head) else None


def _planned(verb: Token) -> _Cue | None:
    return next((cue for cue in _own_cues(verb) if cue.modality == "planned"), None)


def _climb_acl(
    node: Token, head: Token, infinitive: bool, light: frozenset[str]
) -> tuple[_Cue | None, Token | None, bool] | None:
    label = _lookup("nouns", head)
    if label == "report":
        up = head.head
        denied = _lookup("clause", up) == "negated" and head.dep_ in OBJECT_DEPS
        return (_Cue("negated", (up,)), up, True) if denied else None
    if not infinitive and node.tag_ != "VBG":
        return None
    if label in ("planned", "possible", "negated"):
        return _Cue(label, (head,)), head, True
    # "called on the party to withdraw", "asked ministers to resign" parsed into the noun phrase
    via = head.head if head.dep_ == "pobj" else None
    verb = via.head if via is not None else head.head
    if infinitive and head.dep_ in ("pobj", "dobj", "dative"):
        label = (
            None
            if lemma_of(verb) in light
            else next(
                (found for found in (_lookup("clause", verb, via), _lookup("nouns", verb)) if found in RANK), None
            )
        )
        if label is not None:
            return _Cue(label, (verb, *((via,) if via is not None else ()))), verb, True
    if infinitive:
        return _Cue("possible", tuple(c for c in node.children if c.tag_ == "TO")), None, False
    return None


def _climb_argument(node: Token, head: Token, light: frozenset[str]) -> tuple[_Cue | None, Token | None, bool] | None:
    """The event noun as subject or object of a verb."""
    if lemma_of(head) in light:
        return None, head, True
    if lemma_of(head) == "be":
        predicate = next((c for c in head.children if c.dep_ in ("acomp", "attr") and c != node), None)
        if predicate is not None and node.dep_ in SUBJECT_DEPS:
            label = _lookup("event", predicate) or _lookup("clause", predicate)
            if label in ("planned", "possible", "negated"):
                return _Cue(label, (predicate,)), head, True
            return _weak(head)
        return None, head, True
    label = _lookup("event", head)
    passive = node.dep_ == "nsubjpass"
    if node.dep_ == "nsubj" and label != "veridical":
        return _weak(head)
    if label == "veridical":
        return None, head, True
    if label is not None and (passive or node.dep_ in OBJECT_DEPS):
        return _Cue(label, _governor_words(head, "event")), head, True
    return _weak(head)


def _weak(head: Token) -> tuple[_Cue | None, Token | None, bool] | None:
    """A verb that says nothing about the event still lends it its future: `talks will focus on`, `will chair`."""
    cue = next(
        (
            c
            for c in _own_cues(head)
            if c.modality in ("planned", "possible") and c.words[0].lower_ in ("will", "shall", "would", "'ll", "’ll")
        ),
        None,
    )
    return (cue, None, False) if cue is not None else None


def _climb_preposition(
    node: Token, prep: Token, light: frozenset[str]
) -> tuple[_Cue | None, Token | None, bool] | None:
    word = prep.lower_
    governor = prep.head
    while governor.dep_ == "prep" and governor.pos_ == "ADP":
        governor = governor.head
    table = read_classes("modality", "prepositions")
    if table.get(word) == "negated":
        return _Cue("negated", (prep,)), None, False
    if governor.pos_ in ("NOUN", "PROPN"):
        label = _lookup("nouns", governor)
        if label in ("planned", "possible", "negated") and word in (
            "for",
            "of",
            "to",
            "on",
            "about",
            "over",
            "at",
            "in",
            "against",
            "with",
        ):
            return _Cue(label, (governor, *((prep,) if prep.i == governor.i + 1 else ()))), governor, True
        return None
    if governor.pos_ in ("VERB", "AUX", "ADJ"):
        if lemma_of(governor) in light:
            return None, governor, True
        label = _lookup("event", governor, prep)
        exact = f"{lemma_of(governor)} {word}" in read_classes("modality", "event")
        if exact and label in ("planned", "possible", "negated"):
            return _Cue(label, (governor, prep)), governor, True
        if table.get(word) == "possible":
            return _Cue("possible", (prep,)), None, False
        if exact and label == "veridical":
            return None, governor, True
        if node.dep_ == "pcomp" or word in (
            "in",
            "at",
            "during",
            "after",
            "for",
            "following",
            "on",
            "to",
            "before",
            "ahead",
        ):
            cue = _planned(governor) or _governing_plan(governor, light)
            if cue is not None:
                return cue, None, False
        if table.get(word) == "planned":
            return (None, None, False) if word == "before" else (_Cue("planned", (prep,)), None, False)
    return None


def _governing_plan(verb: Token, light: frozenset[str]) -> _Cue | None:
    """`is due to meet X before holding talks`: the plan over the main verb covers its adjunct."""
    if verb.dep_ not in ("xcomp", "conj"):
        return None
    step = _climb(verb, light)
    return step[0] if step is not None and step[0] is not None and step[0].modality in ("planned", "possible") else None


def _governor_words(head: Token, section: str) -> tuple[Token, ...]:
    table = read_classes("modality", section)
    particles = [c for c in head.children if c.dep_ in ("prt", "prep") and f"{lemma_of(head)} {c.lower_}" in table]
    return (head, *particles[:1])
