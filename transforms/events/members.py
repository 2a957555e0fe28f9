"""Who stands in a phrase for several: lists that the parse breaks, one office of several nations (`the leaders of X and Y`)."""

from collections.abc import Iterator
from typing import Protocol

from spacy.tokens import Token

from schemas.event import Actor
from transforms.events.gazetteer import UNKNOWN, geocode
from transforms.events.name_lists import class_members, find_country, find_demonym, word_set
from transforms.events.phrases import conjuncts, goes_on_list, trim_phrase
from transforms.events.referents import Referent

# Of these each nation has one.
_SINGLE = frozenset({"minister", "president", "premier", "chancellor", "king", "monarch", "counterpart", "pm"})
_HEADS = frozenset({"president", "premier", "prime", "chancellor", "king", "emir", "sultan", "ruler"})
_BELOW = frozenset({"vice", "deputy", "foreign", "defence", "defense", "former"})
_BEFORE = 8  # tokens between the first nation and the noun
_PEOPLE = frozenset({"country", "organisation", "group"})


class Table(Protocol):
    """The article's table of who is who."""

    referents: list[Referent]
    text: str

    def named_at(self, index: int) -> Referent | None:
        """The named party that a token names, in part or whole."""
        ...

    def referent(self, token: Token) -> Referent | None:
        """The party that a word stands for."""
        ...


def list_members(token: Token, names: Table) -> list[Token]:
    """The heads of the parties in a list, in text order, also of one whose members the parse takes for something else."""
    found = {member.i: member for one in conjuncts(token) for member in _members_of(one, names)}
    members = [found[i] for i in sorted(found)]
    known = [names.named_at(one.i) for one in members]
    joined = any(one.dep_ == "cc" for one in token.doc[members[0].i : members[-1].i]) if members else True
    if len(members) == 2 and not joined and known[0] is None and known[1] is not None and known[1].kind == "person":
        return members[1:]  # `another diplomat, Ambassador Ann Ode`: two without an `and` are one
    return members


def _members_of(head: Token, names: Table) -> Iterator[Token]:
    own = names.named_at(head.i)
    yield from _taken_before(head, own, names)
    if not _is_tag(head):
        yield head
    if own is None:
        yield from _listed(head, names)
    for child in head.rights:
        other = names.named_at(child.i)
        if child.dep_ != "appos" or other is None:
            continue
        if other.kind == "country" and own is not None and own.kind == "country" and own is not other:
            # `Peru, Chile and Spain`, read as one; not `Lima, Peru`
            yield from list_members(child, names) if goes_on_list(child) else ()
        if other.kind != "person":
            continue
        if own is not None and own.kind == "person" and own is not other:
            if not any(one.dep_ == "cc" for one in child.subtree):
                continue  # `talks with Ann Ode, Secretary Bo Chen said`
            yield from list_members(child, names)  # `Minister Ode, President Ann Lee and Bo Chen`, read as one
        elif own in (None, other) and child.pos_ == "PROPN":
            yield from (member for one in child.rights if one.dep_ == "conj" for member in list_members(one, names))


def _listed(head: Token, names: Table) -> Iterator[Token]:
    """`the mayor, the governor and bankers`, the second taken for another word for the first."""
    for child in head.rights:
        other = names.named_at(child.i)
        unnamed = other is None or other.kind != "person"
        second = child.dep_ == "appos" and unnamed and child.lemma_.lower() in word_set("people")
        if second and goes_on_list(child):
            yield from list_members(child, names)


def _is_tag(token: Token) -> bool:
    """`Calif.` in `Ann Ode, D-Calif., and Bo Ibe`."""
    before = token.doc[max(0, token.i - 2) : token.i]
    return len(before) == 2 and before[1].text == "-" and before[0].text in word_set("party_tags")


def _taken_before(head: Token, own: Referent | None, names: Table) -> Iterator[Token]:
    """People before `and` who are taken for modifiers of the last name: `President Ann Ode and Premier Bo Ibe`."""
    start = head.left_edge.i
    ands = [i for i in range(start, head.i) if head.doc[i].dep_ == "cc"]
    if not ands:
        return
    seen = [own]
    for i in range(start, ands[-1]):
        one = names.named_at(i)
        if one is None or any(one is known for known in seen) or not _is_somebody(one):
            continue
        seen.append(one)
        last = next(at for at in range(i, head.i + 1) if names.named_at(at + 1) is not one)
        if last < ands[-1] and head.doc[last + 1].text in (",", "and", "&"):
            yield head.doc[last]


def _is_somebody(one: Referent) -> bool:
    """A person, or a name that the model takes for a place but no gazetteer knows."""
    if one.kind == "person":
        return True
    known = find_country(one.name) or find_demonym(one.name)
    return one.kind == "country" and known is None and geocode(one.name) == UNKNOWN


def split_nations(head: Token, role: str, names: Table) -> list[Actor]:
    """The parties of a plural that several nations share, one by one.

    `The foreign ministers of X and Y` are those whom the article names as such, else `foreign minister of X` and
    `foreign minister of Y`; `X and Y officials` are the officials of each.

    Args:
        head: the noun.
        role: role of the actors.
        names: the article's table.

    Returns:
        Nothing for a noun that is no plural of people or stands with fewer than two nations.
    """
    lemma = head.lemma_.lower()
    if head.tag_ not in ("NNS", "NNPS") or lemma not in word_set("people"):
        return []
    phrase = trim_phrase(head)
    mention = names.text[phrase.start_char : phrase.end_char]
    before = nations_before(head, names)
    if len(before) > 1:
        words = [one.text for one in head.doc[before[-1].i + 1 : head.i] if one.text not in ("'s", "’s", "'", "-")]
        owned = head.doc[before[-1].i + 1].tag_ == "POS"
        form = " ".join(["{nation}'s" if owned else "{nation}", *words, "{noun}"])
        nations = [(_name_text(one, names), names.named_at(one.i)) for one in before]
    else:
        behind = _nations_behind(head, names)
        named = _named_behind(behind, names) or ([] if behind else _named_after(head, names))
        if named:
            return [Actor(one.name, role, mention, "person", one.country) for one in named]
        nations = [(_name_text(one, names), names.named_at(one.i)) for one in behind] or _told_before(head, names)
        words = [one.text.lower() for one in head.lefts if one.dep_ in ("amod", "compound")]
        link = head.nbor(1).lower_ if behind else "of"
        form = " ".join([*words, f"{{noun}} {link} {{nation}}"])
    if len(nations) < 2:
        return []
    office = {word.lower() for word in words}
    found = []
    for text, nation in nations:
        code = nation.country if nation is not None else None
        single = lemma in _SINGLE | {"leader"} and nation is not None and nation.kind in ("country", "group")
        noun = lemma if single else head.text.lower()
        holder = _holder(code, office, lemma, names) if single else None
        if holder is not None:
            found.append(Actor(holder.name, role, mention, "person", code))
        else:
            name = form.format(nation=text, noun=noun)
            found.append(Actor(name, role, mention, "person" if single else "group", code))
    return found


def _name_text(last: Token, names: Table) -> str:
    """The words of the name that ends there."""
    one, first = names.named_at(last.i), last.i
    while first > 0 and names.named_at(first - 1) is one:
        first -= 1
    return last.doc[first : last.i + 1].text.removeprefix("the ")


def _told_before(head: Token, names: Table) -> list[tuple[str, Referent | None]]:
    """`their leaders`, `the leaders of the two countries`: the countries that were named together before."""
    owners = [child for child in head.lefts if child.dep_ == "poss" and child.pos_ == "PRON"]
    inner = [child for of in head.rights if of.lower_ == "of" for child in of.children if child.dep_ == "pobj"]
    for one in (*owners, *inner):
        known = names.referent(one)
        if known is not None and len(known.members) > 1 and all(member.kind != "person" for member in known.members):
            return [(member.name, member) for member in known.members]
    return []


def _holder(code: str | None, office: set[str], lemma: str, names: Table) -> Referent | None:
    """Whoever the article names, alone, as that country's minister or leader."""
    people = [one for one in names.referents if code and one.named and one.kind == "person" and one.country == code]
    fits = [one for one in people if _holds(one, office, lemma)]
    return fits[0] if len(fits) == 1 else None


def _holds(person: Referent, office: set[str], lemma: str) -> bool:
    if lemma == "leader":
        return bool(_HEADS & person.words) and not _BELOW & person.words
    return bool(class_members(lemma) & person.words) and office <= person.words


def _last_of(index: int, names: Table, end: int) -> int:
    """The last token of the name that a token stands in."""
    one = names.named_at(index)
    while index + 1 < end and names.named_at(index + 1) is one:
        index += 1
    return index


def nations_before(head: Token, names: Table) -> list[Token]:
    """The last words of the nations and bodies that stand before a noun, parted by commas and `and`."""
    doc, found, parted, joined = head.doc, list[Token](), True, False
    for i in range(head.i - 1, max(head.sent.start, head.i - _BEFORE) - 1, -1):
        token, one = doc[i], names.named_at(i)
        if one is not None and one.kind in _PEOPLE and not _is_somebody(one):
            if parted:
                found.append(token)
            elif names.named_at(found[-1].i) is not one:
                break
            parted = False
        elif token.text in (",", "/", "-") or token.lower_ in ("and", "&"):
            if token.text == "," and not joined:
                break  # `to leave Turkey, German officials said`
            parted = joined = True
        elif (found and token.tag_ != "POS") or token.pos_ not in ("ADJ", "NOUN", "PROPN", "PART"):
            break
    return found[::-1]


def _nations_behind(head: Token, names: Table) -> list[Token]:
    """The last words of the nations in `leaders of X, Y and Z`, `negotiators for X and Y`."""
    doc, end = head.doc, head.sent.end
    i = head.i + 1
    if i >= end or doc[i].lower_ not in ("of", "from", "for"):
        return []
    found: list[Token] = []
    i += 1
    while i < end:
        one = names.named_at(i)
        if one is not None and one.kind in ("country", "organisation"):
            i = _last_of(i, names, end)
            found.append(doc[i])
        elif doc[i].text != "," and doc[i].lower_ not in ("and", "&", "the"):
            break
        i += 1
    joined = len(found) > 1 and any(one.lower_ == "and" for one in doc[found[0].i : found[-1].i])
    return found if joined else []


def _named_after(head: Token, names: Table) -> list[Referent]:
    """`the leaders in parliament, Ann Ode and Bo Ibe,`: those named between commas behind a plural and its place."""
    doc, at = head.doc, head.i + 1
    known = any(child.dep_ in ("det", "poss") and child.lower_ not in ("no", "some", "other") for child in head.lefts)
    while known and at < min(len(doc), head.i + _BEFORE) and doc[at].pos_ in ("ADP", "DET", "ADJ", "NOUN", "PROPN"):
        at += 1
    found: list[Referent] = []
    while known and at < len(doc) and (doc[at].text == "," or doc[at].lower_ == "and" or names.named_at(at)):
        one = names.named_at(at)
        if one is not None and one.kind != "person":
            return []
        if one is not None and not any(one is other for other in found):
            found.append(one)
        at += 1
    ends = at < len(doc) and (doc[at].text == "." or doc[at - 1].text == ",")
    return found if len(found) > 1 and ends else []


def _named_behind(nations: list[Token], names: Table) -> list[Referent]:
    """`the presidents of X and Y, Ann Ode and Bo Ibe,`: as many people behind the comma."""
    if not nations:
        return []
    doc, i = nations[-1].doc, nations[-1].i + 1
    if i >= len(doc) or doc[i].text != ",":
        return []
    found: list[Referent] = []
    for at in range(i + 1, min(len(doc), i + 5 * len(nations))):
        one = names.named_at(at)
        if one is not None and one.kind == "person":
            if not any(one is known for known in found):
                found.append(one)
        elif doc[at].text != "," and doc[at].lower_ != "and":
            break
    return found if len(found) == len(nations) else []
