"""Whose speech a verb reports: its subject, agent, the subject of a governing verb, or the party beside it."""

from spacy.tokens import Token

from transforms.events.lexicon import lemma_of, read_lexicon
from transforms.events.name_lists import word_set
from transforms.events.phrases import is_aged

SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj"})
# `he went on to say`, `tried to suggest`: the second verb has the first one's subject.
_RAISED_PASSIVE = frozenset(
    {"expect", "quote", "cite", "hear", "schedule", "set", "report", "know", "say", "see", "due"}
)
_QUOTED = frozenset({"quote", "cite", "hear", "report", "paraphrase"})
_NEIGHBOURED = frozenset(
    {"say", "tell", "add", "report", "announce", "note", "write", "ask", "explain", "argue", "warn", "conclude"}
)


def find_speaker(verb: Token) -> Token | None:
    """Finds the head of the phrase whose party speaks: subject, agent of a passive, or the subject of a governing verb.

    Where the parse gives the verb no subject, the party right beside it is taken: `…, Ann Ode, said`.
    """
    found = inverted_party(verb) or _speaker(verb, 0)
    tail = tail_party(verb)
    if tail is not None and (found is None or found.i < tail[0]):
        return tail[1]
    if (
        found is None
        and verb.tag_ in ("VBD", "VBZ", "VBP")
        and lemma_of(verb) in ("say", "tell", "add", "report", "announce", "note")
    ):
        return _neighbour(verb)
    if found is None and verb.dep_ == "ROOT" and verb.tag_ in ("VBD", "VBZ", "VBP"):
        before = verb.nbor(-1) if verb.i > verb.sent.start else None
        named = before is not None and names_party(before) and before.dep_ in ("appos", "conj", "dep", "npadvmod")
        return before if named else None  # `In talks with Ode and Finch, the minister stated`, read as one list
    return found


def tail_party(verb: Token) -> tuple[int, Token] | None:
    """`The war of words goes on, government sources said.`: index of the last comma, and the party behind it, right before the verb."""
    doc, sent = verb.doc, verb.sent
    if verb.tag_ not in ("VBD", "VBZ", "VBP") or lemma_of(verb) not in _NEIGHBOURED or verb.dep_ in ("relcl", "advcl"):
        return None
    at = verb.i - 1
    while at > sent.start and doc[at].text != ",":
        modifier = doc[at].lower_ in ("acting", "outgoing", "visiting", "leading")
        if (doc[at].pos_ in ("VERB", "AUX", "PRON", "SCONJ") and not modifier) or verb.i - at > 14:
            return None
        at -= 1
    party = doc[verb.i - 1]
    if doc[at].text != "," or at >= verb.i - 1 or not names_party(party) or doc[at + 1].dep_ == "cc":
        return None
    if not any(token.tag_ in ("VBD", "VBZ", "VBP", "MD") for token in doc[sent.start : at]):
        return None
    reports = any(token.pos_ in ("VERB", "AUX") for token in doc[verb.i + 1 : sent.end])
    takes = lemma_of(verb) != "tell" and any(child.dep_ == "dobj" for child in verb.rights)
    return None if reports or takes else (at, party)


def inverted_party(verb: Token) -> Token | None:
    """The party between commas with its verb: `The mix, say economists, marks a turn`."""
    doc, sent = verb.doc, verb.sent
    if verb.tag_ not in ("VBD", "VBZ", "VBP") or verb.i <= sent.start + 1 or verb.nbor(-1).text != ",":
        return None
    if lemma_of(verb) not in _NEIGHBOURED:
        return None
    at = verb.i + 1
    while (
        at < sent.end - 1
        and at < verb.i + 8
        and doc[at].pos_ in ("DET", "ADJ", "NOUN", "PROPN")
        and doc[at].dep_ != "dobj"
    ):
        at += 1
    last = doc[at - 1]
    return last if at - 1 > verb.i and doc[at].text == "," and names_party(last) else None


def _neighbour(verb: Token) -> Token | None:
    """The name or role noun that stands right before a verb or, for `said`, right behind it."""
    doc, at = verb.doc, verb.i - 1
    if at >= verb.sent.start and doc[at].lower_ == "then":  # `offered a job at Ode, then says`
        return _subject(verb.sent.root)
    while at >= verb.sent.start and (doc[at].is_punct or doc[at].dep_ in ("aux", "advmod", "neg")):
        at -= 1
    if at >= verb.sent.start and names_party(doc[at]) and doc[at].dep_ != "dobj":
        return doc[at]
    at = verb.i + 1
    while at < verb.sent.end and at < verb.i + 8 and doc[at].pos_ in ("DET", "ADJ", "NOUN", "PROPN"):
        at += 1
    if at - 1 > verb.i and names_party(doc[at - 1]):
        return doc[at - 1]
    # `Ann Ode, 31, treated for shock, said`: the party that the sentence opens with
    opening = doc[verb.sent.start : min(verb.sent.start + 8, verb.i)]
    return next((token for token in opening if names_party(token) and token.nbor(1).text == ","), None)


def names_party(token: Token) -> bool:
    """Whether the word is a name, or a noun for people or bodies."""
    return is_aged(token) or (
        token.pos_ in ("NOUN", "PROPN")
        and (
            token.ent_type_ in ("PERSON", "ORG", "GPE")
            or token.lemma_.lower() in word_set("people") | word_set("bodies")
        )
    )


def _subject(verb: Token) -> Token | None:
    """The verb's subject; of two, as in `the hopefuls Ode and Finch said`, the one that is named; also one hung on the auxiliary."""
    found = [child for child in verb.children if child.dep_ in SUBJECTS and (child.i < verb.i or child.dep_ != "csubj")]
    if len(found) > 1 and found[0].i < verb.i:
        behind = [one for one in found if one.i > verb.i and names_party(one)]
        if behind and not names_party(found[0]) and verb.nbor(-1).is_punct:
            return behind[0]  # `The promise to lead appeals to some, said Ode`
        named = [one for one in found if one.ent_type_ == "PERSON" and one.i < verb.i]
        parties = [one for one in found if names_party(one) and one.i < verb.i]
        if names_party(found[0]) and any(child.lower_ == "of" for child in found[0].rights):
            return found[0]  # `Residents of Odeville, Finchton and Leeham say`
        return (named or parties[-1:] or found)[0]
    if found:
        return found[0]
    auxiliary = next((child for child in verb.lefts if child.dep_ == "aux"), None)
    if auxiliary is None or auxiliary.dep_ in SUBJECTS:
        return None
    return next((child for child in auxiliary.lefts if child.dep_ in SUBJECTS), None)


def is_passive(verb: Token) -> bool:
    """Whether the verb is a passive or a bare past participle behind a noun."""
    if any(child.dep_ in ("auxpass", "nsubjpass", "agent") for child in verb.children):
        return True
    if verb.tag_ != "VBN" or any(child.dep_ in ("aux", "nsubj") for child in verb.children):
        return False
    return verb.dep_ in ("acl", "advcl", "amod") or (verb.dep_ == "conj" and is_passive(verb.head))


def _agent(verb: Token) -> Token | None:
    for child in verb.children:
        if child.dep_ == "agent" or (child.dep_ == "prep" and child.lower_ == "by"):
            return next((inner for inner in child.children if inner.dep_ == "pobj"), None)
    if lemma_of(verb) == "accuse":  # `was accused of lying by the council`, where the agent hangs on what follows
        for by in verb.subtree:
            party = next((inner for inner in by.children if inner.dep_ == "pobj"), None) if by.lower_ == "by" else None
            if party is not None and names_party(party) and party.right_edge.i >= verb.right_edge.i:
                return party
    return None


def _speaker(verb: Token, depth: int) -> Token | None:
    if depth > 5:
        return None
    if is_passive(verb):
        agent = _agent(verb)
        if agent is not None:
            return agent
        subject = _subject(verb)
        return subject if lemma_of(verb) in _QUOTED and subject is not None and _says(verb) else None
    subject = _subject(verb)
    if subject is not None:
        if subject.lower_ in ("who", "which", "that") and verb.dep_ == "relcl":
            return _agentive(verb.head, subject)
        return _before_who(verb, subject) or subject
    return _inherited(verb, depth)


def _agentive(head: Token, pronoun: Token) -> Token:
    """The person before `who`, where the parse hangs the clause on a place or a time: `an attorney in June 2016 who`."""
    if pronoun.lower_ != "who" or head.lemma_.lower() in word_set("people") or head.ent_type_ == "PERSON":
        return head
    steps, at = 0, head
    while at.head != at and steps < 4:
        at, steps = at.head, steps + 1
        if at.lemma_.lower() in word_set("people") or at.ent_type_ == "PERSON":
            return at
    return head


def _before_who(verb: Token, subject: Token) -> Token | None:
    """The person before `who`, where the parse takes a thing inside the clause for the verb's subject."""
    if subject.pos_ == "PRON" or names_party(subject) or subject.i < verb.sent.start + 2:
        return None
    if any(child.lower_ == "whose" for child in subject.lefts):
        return None  # `Ode, whose feud threatened to …`
    for token in verb.doc[max(verb.sent.start + 1, subject.left_edge.i - 12) : subject.i]:
        if token.lower_ == "who":
            before = token.nbor(-1) if token.nbor(-1).text != "," else token.nbor(-2)
            return before if names_party(before) else None
    return None


def _agrees(verb: Token, subject: Token) -> bool:
    """Whether a verb in the present tense has the number of its subject."""
    many = (
        subject.tag_ in ("NNS", "NNPS")
        or subject.lower_ in ("they", "we", "you", "i", "who")
        or bool(subject.conjuncts)
    )
    tag = (
        "VBP" if verb.tag_ == "VB" and verb.head.tag_ in ("VBN", "VBD", "VBZ", "VBG") else verb.tag_
    )  # a slip of the tagger
    return tag not in ("VBZ", "VBP") or many == (tag == "VBP")


def _goes_on(verb: Token, governor: Token) -> bool:
    """`praised Ode saying he was glad`: who praises goes on to say."""
    return verb.tag_ == "VBG" and lemma_of(governor) in read_lexicon("reporting_verbs")["judging"]


def _says(verb: Token) -> bool:
    return any(child.lower_ == "as" for child in verb.children)


def _inherited(verb: Token, depth: int) -> Token | None:
    """The speaker of a verb without a subject of its own."""
    head = verb.head
    if verb.dep_ == "conj" and head.pos_ in ("NOUN", "PROPN") and verb.tag_ in ("VBD", "VBZ", "VBP"):
        # `put on a hat and joked`, where the parse joins the verb to the noun
        above = head
        while above.head != above and above.pos_ not in ("VERB", "AUX"):
            above = above.head
        if above.pos_ in ("VERB", "AUX") and above.tag_ == verb.tag_ and above.i < verb.i:
            return _speaker(above, depth + 1)
    if verb.dep_ == "conj" and head.pos_ in ("VERB", "AUX"):
        if is_passive(head) and not is_passive(verb):
            return _subject(head)
        found = _speaker(head, depth + 1)
        other = _speaker(head.head, depth + 1) if head.head != head and head.head.pos_ in ("VERB", "AUX") else None
        if found is not None and other is not None and not _agrees(verb, found) and _agrees(verb, other):
            return other  # `Sources believe Ode has joined and admit that …`
        return found
    if verb.dep_ == "xcomp" and head.pos_ == "ADJ" and head.head.pos_ in ("VERB", "AUX"):
        return _speaker(head.head, depth + 1)
    if verb.dep_ == "xcomp" or (verb.dep_ == "advcl" and any(child.tag_ == "TO" for child in verb.children)):
        if head.pos_ not in ("VERB", "AUX", "ADJ"):
            return None
        obj = next((child for child in head.children if child.dep_ == "dobj" and child.i < verb.i), None)
        if obj is not None and verb.dep_ == "xcomp":
            return _speaker(head, depth + 1) if _goes_on(verb, head) else obj
        if is_passive(head):
            return _subject(head) if lemma_of(head) in _RAISED_PASSIVE else None
        return _speaker(head, depth + 1)
    if verb.dep_ in ("advcl", "dep", "ccomp") and verb.tag_ in ("VBG", "VBN") and head.pos_ in ("VERB", "AUX"):
        return _agent(head) or _subject(head) if is_passive(head) else _speaker(head, depth + 1)
    if verb.dep_ == "pcomp":
        above = head.head
        while above.pos_ in ("ADV", "ADP") and above.head != above:  # `went as far as calling for`
            above = above.head
        if lemma_of(above) in ("know", "remember") and is_passive(above):  # `was known for telling`
            return _subject(above)
        if head.lower_ == "as" and above.pos_ == "VERB":  # `quoted Finch as saying`
            if lemma_of(above) in _QUOTED:
                return next((child for child in above.children if child.dep_ in ("dobj", "nsubjpass")), None)
            return None
        if above.pos_ in ("VERB", "AUX"):
            return _speaker(above, depth + 1)
        if above.pos_ == "NOUN" and above.head.pos_ in ("VERB", "AUX"):
            return _speaker(above.head, depth + 1)
        return None
    if verb.dep_ == "dep" and verb.tag_ in ("VBD", "VBZ", "VBP") and head.tag_ == "VBG" and head.dep_ == "ROOT":
        return _subject(head)  # `Voters going to the polls say`, where the parse takes the participle for the verb
    if verb.dep_ == "acl" and head.pos_ in ("NOUN", "PROPN", "PRON"):
        if head.dep_ == "dobj" and _goes_on(verb, head.head):
            return _speaker(head.head, depth + 1)
        words = head.head.head
        if verb.tag_ == "VBG" and head.dep_ == "pobj" and head.head.lower_ == "to" and words.pos_ == "NOUN":
            # `a letter to voters saying`, `makes a pitch to voters saying`
            return words if words.lemma_.lower() in word_set("documents") else _speaker(words.head, depth + 1)
        return head
    if verb.dep_ == "relcl" and head.pos_ in ("NOUN", "PROPN"):
        return None
    return None
