"""Where the clause that a cue reports begins and ends, also where the parse leaves parts of it outside."""

from spacy.tokens import Span, Token

from transforms.events.cue_speakers import SUBJECTS, names_party
from transforms.events.cues import Cue, verb_frames, word_list
from transforms.events.lexicon import lemma_of
from transforms.events.said_range import has_finite

_PLAIN = frozenset({"say", "add", "state", "argue", "contend", "claim", "assert", "insist", "note"})


def before_but(verb: Token, clause: Token, last: int) -> int:
    """`said it was “late,” but nobody left`: what stands behind the closed quotation is no longer said."""
    doc = verb.doc
    for i in range(clause.i + 1, last):
        behind_mark = doc[i].lower_ == "but" and doc[i].dep_ == "cc" and doc[i - 1].text == '"'
        if behind_mark and doc[i].head in (verb, clause):
            joined = next((one for one in doc[i].head.rights if one.dep_ == "conj" and one.i > i), None)
            if joined is not None and any(one.dep_ in SUBJECTS and one.pos_ != "PRON" for one in joined.lefts):
                return i - 1
    return last


def coordinated_last(verb: Token, last: int) -> int:
    """`said prices rose but wages would follow`, where the parse hangs the second clause on the cue."""
    for child in verb.rights:
        if child.dep_ != "conj" or child.i <= last or child.left_edge.i > last + 4:
            continue
        own = any(one.dep_ in SUBJECTS for one in child.lefts)
        joint = last + 1
        while joint < child.i and verb.doc[joint].is_punct and verb.doc[joint].text in ('"', "'", ")", ","):
            joint += 1
        reports = lemma_of(child) in verb_frames() and any(
            one.dep_ in SUBJECTS and names_party(one) for one in child.lefts
        )
        if own and not reports and verb.doc[joint].lower_ in ("and", "but", "while"):
            last = child.right_edge.i
    return last


def with_reason(verb: Token, last: int) -> int:
    """`said she left because it rained`, where the parse hangs the reason on the cue."""
    for child in verb.rights:
        reason = any(one.dep_ == "mark" and one.lower_ in ("because", "unless", "although") for one in child.lefts)
        if child.dep_ == "advcl" and reason and child.left_edge.i == last + 1:
            last = child.right_edge.i
    return last


def told_clauses(verb: Token) -> list[Token]:
    """`told donors he had lost`: a clause with a subject of its own that the parse hangs on who is told."""
    told = [child for child in verb.rights if child.dep_ in ("dobj", "dative")]
    return [
        clause
        for one in told
        for clause in one.rights
        if clause.dep_ == "relcl"
        and clause.left_edge.dep_ in SUBJECTS
        and clause.left_edge.tag_ not in ("WP", "WDT")
        and not any(token.dep_ == "prep" and not any(token.children) for token in clause.subtree)
    ]


def phrase_joined(last: int, sentence: Span) -> int:
    """`…, but a catastrophe.`: a phrase joined to the clause up to the sentence's end, which the parse hangs elsewhere."""
    doc, at = sentence.doc, last + 1
    if at + 2 >= sentence.end or doc[at].text != "," or doc[at + 1].lower_ not in ("but", "and", "or", "nor"):
        return last
    return last if has_finite(doc, at + 2, sentence.end) else sentence.end - 1


def clause_start(cue: Cue, clause: Token) -> int:
    """The first token said: behind `that`; or right behind the cue where the parse left a part of the clause outside it."""
    doc = clause.doc
    for i in range(clause.left_edge.i, clause.i):
        if doc[i].lower_ == "that" and doc[i].dep_ == "mark" and doc[i].head == clause:
            return i + 1
    begin = clause.left_edge.i
    headless = clause.tag_ in ("VBD", "VBZ", "VBP") and not any(one.dep_ in SUBJECTS for one in clause.lefts)
    if headless and lemma_of(cue.head) in _PLAIN and begin > cue.head.i:
        begin = cue.words[-1].i + 1  # `said about half of them reflected losses`, read as said about half of them
    if begin <= cue.head.i:  # `vehicles that analysts say will sell`: the clause's own subject is outside
        begin = cue.words[-1].i + 1
    addressed = cue.lemma in word_list("addressed")
    for child in cue.head.rights:  # `recommends everyone get one`, with `everyone` hung on the cue
        if child.dep_ == "dobj" and child.i < begin and child.right_edge.i == begin - 1 and not addressed:
            return child.left_edge.i
    stray = _outside(cue, begin)
    if stray is not None:
        return stray
    if "object" not in cue.frames and not any(
        child.dep_ in ("dative", "dobj") and cue.lemma in word_list("addressed") for child in cue.head.rights
    ):
        right = cue.words[-1].i
        between = [
            child
            for child in cue.head.rights
            if right < child.i < begin
            and child.dep_ not in ("punct", "prep", "npadvmod", "advmod", "prt", "agent", *SUBJECTS)
        ]
        if between and between[0].left_edge.i == right + 1:
            begin = right + 1
    while begin < clause.i and (
        (doc[begin].lower_ == "that" and (doc[begin].tag_ == "IN" or doc[begin].dep_ == "mark"))
        or (doc[begin].is_punct and doc[begin].text not in "\"'`“‘$#@(")
        or doc[begin].is_space
    ):
        begin += 1
    return begin


def behind_day(cue: Cue, begin: int) -> int:
    """`said Tuesday prices fell`, `said on May 3 it would close`: the day of the saying is not said."""
    doc, at = cue.head.doc, begin
    at += doc[at].lower_ == "on"
    if doc[at].ent_type_ not in ("DATE", "TIME") or not (at > begin or doc[at].lower_.endswith("day")):
        return begin
    while at < len(doc) - 1 and doc[at].ent_type_ in ("DATE", "TIME") and doc[at].pos_ in ("PROPN", "NOUN", "NUM"):
        at += 1
    before = begin - 1
    while before > cue.head.i and doc[before].is_punct:
        before -= 1
    behind = before == cue.words[-1].i or doc[before].dep_ in ("dobj", "dative", "pobj")
    starts = doc[at].pos_ in ("DET", "PRON", "NOUN", "PROPN", "ADJ", "NUM") or doc[at].lower_ == "that"
    if not (behind and starts):
        return begin
    return at + (doc[at].lower_ == "that" and doc[at].dep_ == "mark")


def _outside(cue: Cue, begin: int) -> int | None:
    """Where the words between a plain cue and its clause begin, if they are part of the clause that the parse left out."""
    if lemma_of(cue.head) not in _PLAIN:
        return None
    adjuncts = {
        token.i
        for child in cue.head.rights
        if child.dep_ in ("prep", "npadvmod", "advmod", "dative", "agent", "prt", "punct", *SUBJECTS)
        and child.i < begin
        for token in child.subtree
    }
    stray = [i for i in range(cue.words[-1].i + 1, begin) if i not in adjuncts and not cue.head.doc[i].is_punct]
    nominal = any(cue.head.doc[i].pos_ in ("NOUN", "PROPN", "PRON") for i in stray)
    doc, behind = cue.head.doc, cue.words[-1].i + 1
    while behind < begin and doc[behind].is_punct:
        behind += 1
    return stray[0] if nominal and stray[0] == behind else None


def is_relative(cue: Cue, clause: Token) -> bool:
    """Whether the `that` before a clause is its subject, so that the clause describes the cue's object."""
    first = clause.left_edge
    behind = cue.words[-1].i + 1
    return (
        "object" in cue.frames
        and first.lower_ == "that"
        and first.tag_ == "WDT"
        and first.dep_ == "nsubj"
        and first.i > behind
        and first.nbor(-1).pos_ == "NOUN"
        and cue.lemma not in word_list("addressed")
    )
