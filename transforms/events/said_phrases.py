"""What is said in a phrase: an object, an infinitive, a name given, the object of a preposition, the complement of a noun."""

import dataclasses
import re

from spacy.tokens import Doc, Span, Token

from transforms.events.cue_speakers import SUBJECTS, is_passive
from transforms.events.cues import Cue, word_list
from transforms.events.name_lists import word_set
from transforms.events.quotes import Quotes
from transforms.events.said_range import Said, extend_object, object_last, prep_object, token_range


def is_gerund(verb: Token) -> bool:
    """`taking`, `being taken`."""
    return verb.tag_ == "VBG" or any(child.dep_ in ("aux", "auxpass") and child.tag_ == "VBG" for child in verb.lefts)


def by_naming(cue: Cue, sentence: Span, quotes: Quotes) -> Said | None:
    """`called it a mistake`, `described the bill as unfair`, `was described by X as unfair`."""
    verb, doc = cue.head, cue.head.doc
    obj = next((child for child in verb.rights if child.dep_ in ("dobj", "nsubj") and child != cue.speaker), None)
    if "as" in cue.frames:
        agents = [one for child in verb.rights if child.dep_ == "agent" for one in child.children]
        for child in [*verb.rights, *(two for one in agents for two in one.rights)]:
            if child.dep_ == "prep" and child.lower_ == "as" and child.i > verb.i + 0:
                begin = obj.left_edge.i if obj is not None and not is_passive(verb) else child.i + 1
                if len(cue.words) > 1:
                    begin = cue.words[-1].i + 1
                return _with_quote(token_range(doc, begin, child.right_edge.i, sentence, "as"), quotes)
    if "naming" in cue.frames:
        relative = any(
            child.tag_ in ("WP", "WDT")
            and child.dep_ in ("dobj", "nsubj")
            and child != cue.speaker
            and _is_object(child)
            for child in verb.lefts
        )
        for child in verb.rights:
            if child.dep_ not in ("oprd", "ccomp", "acomp", "attr", "dobj") or (child == obj and not relative):
                continue
            if child.left_edge.lower_ == "that" and child.left_edge.tag_ == "IN":
                continue  # `declared that it was over`
            subject = next((one for one in child.lefts if one.dep_ == "nsubj"), None)
            if obj is None and subject is None and not relative and not is_passive(verb):
                continue
            begin = min(obj.left_edge.i if obj is not None else child.left_edge.i, child.left_edge.i)
            return _with_quote(token_range(doc, begin, child.right_edge.i, sentence, "naming"), quotes)
    called = [child for child in verb.rights if child.dep_ == "oprd"] if "naming" in cue.frames and obj is None else []
    if len(called) > 1:  # `called “The Mill” a waste of time`, both read as names
        return token_range(doc, called[0].left_edge.i, called[-1].right_edge.i, sentence, "naming")
    if "naming" in cue.frames and obj is not None:  # `called Ode “unqualified”`, where the parse sees the object alone
        behind = _with_quote(token_range(doc, obj.left_edge.i, obj.right_edge.i, sentence, "naming"), quotes)
        if behind is not None and behind.end > obj.idx + len(obj):
            return behind
    return None


def _is_object(pronoun: Token) -> bool:
    """Whether a relative pronoun is what is named, not who names it: the verb has another subject."""
    others = [one for one in pronoun.head.lefts if one.dep_ in SUBJECTS and one != pronoun]
    return pronoun.dep_ == "dobj" or bool(others)


def _with_quote(said: Said | None, quotes: Quotes) -> Said | None:
    """Takes in a quotation that follows at once or that the words end within."""
    if said is None:
        return None
    for quote in quotes.in_range(said.end, said.end + 3):
        if quote.inner_end > said.end and not re.search(r"[.!?]", quotes.text[said.end : quote.start]):
            return dataclasses.replace(said, end=quote.inner_end)
    return said


def by_infinitive(cue: Cue, sentence: Span) -> Said | None:
    """`vowed to stay`, `urged them to stay`, `called on them to stay`, `called for them to stay`."""
    if not cue.frames & {"to", "other-to"} and cue.words[-1].lower_ != "for":
        return None
    verb, doc = cue.head, cue.head.doc
    for child in verb.rights:
        if child.dep_ not in ("xcomp", "ccomp", "advcl") or not any(one.tag_ == "TO" for one in child.lefts):
            continue
        subject = [one for one in child.lefts if one.dep_ == "nsubj"]
        if subject and any(one.lower_ == "for" and one.dep_ == "mark" for one in child.lefts):
            return token_range(doc, subject[0].left_edge.i, child.right_edge.i, sentence, "other-to")
        other = [one for one in verb.rights if one.dep_ in ("dobj", "dative") and one.i < child.i] + subject
        pushed = [
            two
            for one in verb.rights
            if one in cue.words
            for two in one.children
            if two.dep_ == "pobj" and two.i < child.i
        ]
        if (other or pushed) and "other-to" in cue.frames:
            return token_range(
                doc, min(one.left_edge.i for one in other + pushed), child.right_edge.i, sentence, "other-to"
            )
        if not other and "to" in cue.frames and child.dep_ != "advcl":
            begin = max(child.left_edge.i, cue.words[-1].i + 1)
            if child.right_edge.i - begin < 2:
                return None  # `as he claims to be`
            return token_range(doc, begin, object_last(doc, begin, child.right_edge.i), sentence, "to")
    if "other-to" in cue.frames:  # the infinitive below the noun: `called on the party to repudiate`
        for child in verb.rights:
            target = child if child.dep_ in ("dobj", "dative") else None
            if child in cue.words:
                target = next((one for one in child.children if one.dep_ == "pobj"), None)
            if target is not None and any(
                one.dep_ in ("acl", "relcl", "xcomp") and any(two.tag_ == "TO" for two in one.lefts)
                for one in target.children
            ):
                return token_range(doc, target.left_edge.i, target.right_edge.i, sentence, "other-to")
    return None


def by_object(cue: Cue, sentence: Span) -> Said | None:
    """An object, a gerund, or a preposition's object is what is said."""
    for find in (_target, _particle_object, _preposition, _passive_object, _plain_object, _relative_object):
        said = find(cue, sentence)
        if said is not None:
            return said
    return None


def _phrase(doc: Doc, verb: Token, inner: Token, sentence: Span, frame: str, first: int | None = None) -> Said | None:
    begin = inner.left_edge.i if first is None else first
    last = object_last(doc, begin, extend_object(verb, inner.right_edge.i))
    if last + 2 < sentence.end and doc[last + 1].lower_ in ("and", "or"):
        joined = doc[last + 2]  # `of waste and using it`, `for waste and for greed`, hung on what is before
        if joined.tag_ == "VBG" or (joined.dep_ == "conj" and joined.pos_ == "ADP"):
            last = min(joined.right_edge.i, sentence.end - 1)
    return token_range(doc, begin, last, sentence, frame)


def _is_party(token: Token) -> bool:
    return token.pos_ == "PRON" or token.ent_type_ in ("PERSON", "NORP") or token.lemma_.lower() in word_set("people")


def _object(cue: Cue) -> Token | None:
    return next((child for child in cue.head.rights if child.dep_ == "dobj" and child != cue.speaker), None)


def _target(cue: Cue, sentence: Span) -> Said | None:
    """`accused them of fraud`, `slammed Ode for his claims`, `lashed out at Ode over it`."""
    verb, doc, obj = cue.head, cue.head.doc, _object(cue)
    targets = {frame.split("-")[1] for frame in cue.frames if frame.startswith("target-")}
    if not targets:
        return None
    for child in verb.rights:
        if child.dep_ == "prep" and child.lower_ in targets and child not in cue.words:
            inner = prep_object(child)
            if inner is not None and (obj is not None or len(cue.words) > 1 or is_passive(verb)):
                return _phrase(doc, verb, inner, sentence, "target")
    if obj is None and cue.lemma == "accuse" and is_passive(verb) and cue.speaker is not None:
        obj = cue.speaker  # `was accused by the council of lying`
    for child in obj.children if obj is not None else ():  # the preposition hangs on the object
        inner = prep_object(child) if child.dep_ == "prep" and child.lower_ in targets else None
        if inner is None or obj is None:
            continue
        body = cue.lemma == "accuse" or (
            obj.lemma_.lower() in word_set("bodies") and (child.lower_ != "of" or inner.dep_ == "pcomp")
        )
        if child.lower_ == "for" or _is_party(obj) or body:
            return _phrase(doc, verb, inner, sentence, "target")
    return None


def _particle_object(cue: Cue, sentence: Span) -> Said | None:
    if len(cue.words) < 2 or "object" not in cue.frames:
        return None
    inner = prep_object(cue.words[-1])
    if inner is not None and inner.lower_ == "time":
        return None  # `asked for the third time`
    if inner is None or (inner.pos_ in ("PROPN", "PRON") and cue.lemma in word_list("judging")):
        return None  # `lashed out at Ode`
    return _phrase(cue.head.doc, cue.head, inner, sentence, "object")


def _preposition(cue: Cue, sentence: Span) -> Said | None:
    prepositions = cue.frames & {"for", "of", "on", "against", "about", "at", "with", "in"} | (
        {"to"} if "to-" in cue.frames else set()
    )
    for child in cue.head.rights:
        if child.dep_ == "prep" and child.lower_ in prepositions and _object(cue) is None:
            inner = prep_object(child)
            dated = inner is not None and inner.ent_type_ in ("DATE", "TIME")  # `reported on Tuesday`
            if inner is not None and child.lower_ in ("with", "at") and _is_party(inner):
                continue  # `agrees with Ode`, `hits back at Ode`
            if inner is not None and cue.lemma == "speak" and (_is_party(inner) or cue.head.tag_ == "VBG"):
                continue  # `speaking of Ode`
            if inner is not None and not dated and inner.text not in ("him", "her", "them", "me", "us"):
                first = child.i if child.lower_ == "against" else None
                return _phrase(cue.head.doc, cue.head, inner, sentence, "preposition", first)
    return None


def _passive_object(cue: Cue, sentence: Span) -> Said | None:
    verb, doc = cue.head, cue.head.doc
    if "object" not in cue.frames or not is_passive(verb):
        return None
    subject = next((child for child in verb.lefts if child.dep_ == "nsubjpass"), None)
    said = None
    if subject is not None and subject != cue.speaker and subject.pos_ != "PRON":
        said = token_range(
            doc, subject.left_edge.i, object_last(doc, subject.left_edge.i, subject.right_edge.i), sentence, "object"
        )
    elif verb.dep_ == "acl" and cue.speaker is not None and verb.head.pos_ in ("NOUN", "PROPN"):
        said = token_range(doc, verb.head.left_edge.i, verb.i - 1, sentence, "object")
    return dataclasses.replace(said, before=True) if said is not None else None


def _plain_object(cue: Cue, sentence: Span) -> Said | None:
    verb, doc, obj = cue.head, cue.head.doc, _object(cue)
    if "object" not in cue.frames or is_passive(verb):
        return None
    if cue.lemma in ("show", "indicate") and verb.dep_ != "ROOT":
        return None
    if cue.lemma == "deny" and obj is not None and obj.lemma_.lower() in word_list("withheld"):
        return None
    if cue.lemma == "deny" and any(
        child.dep_ == "dative" or (child.dep_ == "prep" and child.lower_ == "to") for child in verb.rights
    ):
        return None  # `denied them visas`
    if obj is None:
        gerund = next(
            (child for child in verb.rights if child.dep_ in ("xcomp", "ccomp", "advcl") and is_gerund(child)), None
        )
        if gerund is None or "doing" not in cue.frames or doc[gerund.left_edge.i - 1].is_punct:
            return None
        return token_range(doc, gerund.left_edge.i, gerund.right_edge.i, sentence, "doing")
    if cue.lemma == "ask" and obj.lemma_.lower() in ("question", "favor", "favour", "permission"):
        return None
    if cue.lemma == "threaten" and obj.ent_type_ in ("GPE", "LOC", "FAC", "ORG"):
        return None  # `militants threatening the town`
    if any(
        child.lower_ in ("apart", "off", "open", "away") and child.i == verb.i + 1
        for child in verb.rights
        if child not in cue.words
    ):
        return None  # `blasted open the door`
    if cue.lemma in word_list("raising") and obj.lemma_.lower() not in word_list("speech_objects") | word_list("nouns"):
        return None
    judged = obj.pos_ == "PROPN" and cue.lemma in word_list("judging")
    if cue.lemma == "confirm" and obj.lemma_.lower() in ("judge", "nominee", "appointee", "nomination", "appointment"):
        return None  # `the chamber confirmed a judge`
    if cue.lemma in word_list("addressed") and (obj.lemma_.lower() in word_set("bodies") or obj.pos_ == "PROPN"):
        return None  # `advises banks on mergers`
    if (_is_party(obj) or judged) and cue.lemma not in ("deny", "confirm"):
        return None  # `praised Ode`: nothing of what was said
    that = next(
        (
            child
            for child in obj.rights
            if child.dep_ in ("acl", "ccomp", "relcl")
            and any(one.lower_ == "that" and one.dep_ == "mark" for one in child.lefts)
        ),
        None,
    )
    if that is not None and obj.lemma_.lower() in word_list("speech_objects") | word_list("nouns"):
        mark = next(one for one in that.lefts if one.lower_ == "that")
        return token_range(doc, mark.i + 1, that.right_edge.i, sentence, "clause")  # `expressed confidence that …`
    first = obj.left_edge.i
    return token_range(doc, first, object_last(doc, first, extend_object(verb, obj.right_edge.i)), sentence, "object")


def _relative_object(cue: Cue, sentence: Span) -> Said | None:
    """`the purchases that Ode requested`, `the strike, which Moscow blamed on Kyiv`."""
    verb, doc = cue.head, cue.head.doc
    if "object" not in cue.frames or verb.dep_ != "relcl" or verb.head.pos_ not in ("NOUN", "PROPN"):
        return None
    subject = next((child for child in verb.lefts if child.dep_ in SUBJECTS), None)
    if subject is None or subject.lower_ in ("who", "which", "that"):
        return None
    head = verb.head
    if any(child.lower_ == "which" for child in verb.lefts) and doc[verb.left_edge.i - 1].text == ",":
        while head.dep_ == "pobj" and head.head.head.pos_ in ("NOUN", "PROPN"):  # an aside is about the whole phrase
            head = head.head.head
    said = token_range(doc, head.left_edge.i, max(head.i, verb.left_edge.i - 1), sentence, "object")
    return dataclasses.replace(said, before=True) if said is not None else None


def has_subject(doc: Doc, said: Said) -> bool:
    """Whether what is said holds a clause with a subject."""
    span = doc.char_span(said.start, said.end, alignment_mode="expand")
    return span is not None and any(token.dep_ in SUBJECTS for token in span)


def pronoun_only(doc: Doc, said: Said) -> bool:
    """Whether nothing but a pronoun stands for what is said: `denied it`, `said so`."""
    if said.end - said.start > 5:
        return False
    span = doc.char_span(said.start, said.end, alignment_mode="expand")
    return span is not None and len(span) == 1 and (span[0].pos_ == "PRON" or span[0].lower_ in ("so", "this", "that"))
