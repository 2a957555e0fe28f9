"""Who is who inside one article: names, short forms, titles, descriptions and pronouns resolved to the fullest name."""

from spacy.tokens import Doc, Span, Token

from schemas.event import Actor
from transforms.events.members import list_members, nations_before, split_nations
from transforms.events.name_lists import titles, word_set
from transforms.events.name_table import NameTable
from transforms.events.phrases import noun_phrase, phrase_country, phrase_head, phrase_name, trim_phrase
from transforms.events.quotes import Quotes
from transforms.events.referents import ORG_WORDS, Referent

_SPEAKERS = frozenset({"i", "me", "my", "mine", "myself", "we", "us", "our", "ours", "ourselves"})
_SOME = frozenset({"some", "many", "others", "most", "several", "few", "one", "both", "another"})
_FAR = 1500  # characters
_RELATIVES = frozenset({"who", "which", "that", "whom", "whose"})


class Names:
    """Resolves words to parties; made by build_names."""

    def __init__(self, doc: Doc, quotes: Quotes) -> None:
        table = NameTable(doc, quotes)
        self.doc = doc
        self.quotes = quotes
        self.text = quotes.text
        self.referents = table.referents
        self._at = table.at
        self._speakers: dict[int, Referent] = {}

    def referent(self, token: Token) -> Referent | None:
        """Finds the party that a word, as the head of its phrase, stands for."""
        if token.lower_ in _RELATIVES and token.head.dep_ in ("relcl", "acl"):
            return self.referent(phrase_head(token.head.head))
        if token.lower_ in _SPEAKERS and token.text != "US":
            quote = self.quotes.at(token.idx)
            return self._speaker_of(quote.start) if quote else None
        head = phrase_head(token)
        found = self._at.get(head.i)
        if found is not None and found.named and found.kind in ("person", "country"):
            return found
        return self._apposed(head) or found

    def named_at(self, index: int) -> Referent | None:
        """The named party that a token names, in part or whole."""
        found = self._at.get(index)
        return found if found is not None and found.named else None

    def is_spoken(self, start: int) -> bool:
        """Whether the speaker of the quotation that starts at `start` is known."""
        return start in self._speakers

    def _speaker_of(self, start: int) -> Referent | None:
        """Who speaks a quotation: as its cue says, else the speaker of the one before it, not far above."""
        before = [at for at in self._speakers if start - _FAR <= at <= start]
        return self._speakers[max(before)] if before else None

    def _apposed(self, head: Token) -> Referent | None:
        """The person named in apposition to a phrase, also where the parse hangs the name lower: `the aide of X, Ann Ode,`."""
        if head.pos_ == "PRON":
            return None
        plural = head.tag_ in ("NNS", "NNPS")
        if (head.lower_.rstrip(".") in titles() or head.lower_ in word_set("people")) and head.i + 1 < len(self.doc):
            following = self._at.get(head.i + 1) or (
                self._at.get(head.i + 2) if self.doc[head.i + 1].text == "." else None
            )
            if following is not None and following.kind == "person" and following.named:
                return following
        beside = self._double_office(head) or self._owned(head) or self._beside(head)
        if beside is not None:
            return beside
        for token in self.doc[head.i + 1 : min(head.right_edge.i + 1, head.i + 30)]:
            if token.dep_ in ("relcl", "acl") and not (token.dep_ == "acl" and token.head == head):
                break
            if token.dep_ != "appos" or self.doc[token.left_edge.i - 1].text != ",":
                continue
            named = self._at.get(token.i)
            if named is None or not named.named:  # `another envoy, former minister Ann Ode,`
                inner = [self._at.get(one.i) for one in token.subtree if one.dep_ == "appos"]
                named = next((one for one in inner if one is not None and one.named), None)
            if named is None:
                continue
            between = self.doc[head.i + 1 : token.left_edge.i]
            single = not plural or any(one.tag_ == "NN" and one.lemma_ in word_set("people") for one in between)
            before = self._at.get(head.i)
            if named.kind == "person" and single:
                return named
            if (
                named.kind == "organisation"
                and head.lemma_.lower() in word_set("bodies")
                and (before is None or not before.named)
            ):
                return named
        return None

    def _double_office(self, head: Token) -> Referent | None:
        """`Vice President and chief negotiator Ann Ode`: two offices of one person, with no article between."""
        role = head.lower_ in titles() or head.lower_ in word_set("people")
        second = next((child for child in head.rights if child.dep_ == "conj" and child.i < head.i + 8), None)
        if not role or second is None or any(child.dep_ == "det" for child in (*head.lefts, *second.lefts)):
            return None
        named = self._at.get(second.i)
        offices = any(child.lemma_.lower() in word_set("people") for child in second.lefts)
        return named if named is not None and named.named and named.kind == "person" and offices else None

    def _owned(self, head: Token) -> Referent | None:
        """`his counterpart Italian President Ann Ode`: named behind a title of her own."""
        if head.lower_ not in word_set("people") or not any(child.dep_ == "poss" for child in head.lefts):
            return None
        for i in range(head.i + 1, min(len(self.doc), head.i + 6)):
            found = self._at.get(i)
            if found is not None and found.named and found.kind == "person":
                return found
            if not self.doc[i].text[0].isupper() or self.doc[i].is_sent_start:
                return None
        return None

    def _beside(self, head: Token) -> Referent | None:
        """`the panel's top Democrat, Sen. Ann Ode of Lima`, `another diplomat, envoy to Lima Ann Ode,`: named right behind a comma."""
        doc, at = self.doc, head.i + 1
        known = any(child.dep_ in ("det", "poss") and child.lower_ not in ("a", "an") for child in head.lefts)
        role = head.lemma_.lower() in word_set("people") and head.tag_ in ("NN", "NNP")
        if not (known and role) or at + 1 >= len(doc) or doc[at].text != ",":
            return None
        at += 1
        while at + 1 < len(doc) and (doc[at].lower_.rstrip(".") in titles() or doc[at].text == "."):
            at += 1
        named = self._at.get(at)
        if at > head.i + 2 and named is not None and named.kind == "person" and named.named:
            return named
        second = next((child for child in head.children if child.dep_ == "appos" and child.i > head.i), None)
        if second is None or second.lemma_.lower() not in word_set("people"):
            return None
        last = second.right_edge.i
        named, first = self._at.get(last), last
        while first > second.i and self._at.get(first) is named:
            first -= 1
        place = self._at.get(first)
        behind = place is not None and place.kind in ("country", "organisation") and first > second.i
        return named if behind and named is not None and named.kind == "person" and named.named else None

    def set_speaker(self, start: int, token: Token) -> None:
        """Notes that the quotation that starts at `start` is spoken by `token`'s party, for the `I` inside it."""
        referent = self.referent(token)
        if referent is not None:
            self._speakers.setdefault(start, referent)

    def phrase(self, token: Token) -> Span:
        """Gives the full noun phrase around its head, without white space and punctuation at its ends."""
        return noun_phrase(token)

    def actor(self, words: Token | Span, role: str) -> Actor | None:
        """Resolves a noun phrase, given by its head or as a span, to one party.

        Args:
            words: head of the phrase, or the phrase.
            role: one of schemas.event.ROLES.

        Returns:
            None for a pronoun whose party cannot be told and for words that name none.
        """
        token = words.root if isinstance(words, Span) else words
        head = phrase_head(token)
        referent = self.referent(token)
        if referent is not None and referent.kind == "document" and referent.author is not None:
            referent = referent.author
        mention = self._verbatim(trim_phrase(token))
        if referent is not None:
            kind = referent.kind if referent.kind != "document" else None
            name = referent.name
            if referent.named and referent.kind == "organisation":
                name = self._fuller_body(referent)
            return Actor(name, role, mention, kind, referent.country)
        if token.lower_ in _SOME:
            return Actor(token.text.lower(), role, mention, "group")
        if head.like_num and self.doc[head.i : head.i + 3].text.count(" in ") == 1:
            return Actor(self.doc[head.i : head.i + 3].text, role, mention, "group")  # `more than 4 in 10 say`
        if token.pos_ == "PRON" or not any(char.isalpha() for char in head.text):
            return None
        name = phrase_name(head, self)
        return Actor(name, role, mention, _phrase_kind(head), phrase_country(head)) if name else None

    def actors(self, words: Token | Span, role: str) -> list[Actor]:
        """Resolves a noun phrase to all its parties: coordination and lists come apart, each party once."""
        token = words.root if isinstance(words, Span) else words
        found: dict[str, Actor] = {}
        members = list_members(token, self)
        shared = {one.i: split_nations(one, role, self) if role == "participant" else [] for one in members}
        # `French` in `French, German and British leaders`, read as a list, is one of the nations
        nations = {nation.i for one in members if shared[one.i] for nation in nations_before(one, self)}
        for one in members:
            for each in shared[one.i]:
                found.setdefault(each.name, each)
            if shared[one.i] or one.i in nations:
                continue
            referent = self.referent(one)
            for member in referent.members if referent is not None else ():
                mention = self._verbatim(trim_phrase(one))
                found.setdefault(member.name, Actor(member.name, role, mention, member.kind, member.country))
            actor = self.actor(one, role) if referent is None or not referent.members else None
            if actor is not None:
                found.setdefault(actor.name, actor)
        return list(found.values())

    def _verbatim(self, span: Span) -> str:
        return self.text[span.start_char : span.end_char]

    def _fuller_body(self, referent: Referent) -> str:
        """`Ukraine's Air Force`: a possessor belongs to the name of a body that says what it is, not to `Russia's Gazprom`."""
        words = referent.name.split()
        common = any(ORG_WORDS.fullmatch(word) or word.lower() in word_set("bodies") for word in words)
        if not common or "'s " in referent.name or "’s " in referent.name:
            return referent.name
        for i in referent.mentions:
            for child in self.doc[i].children:
                owner = self._at.get(child.i) if child.dep_ == "poss" else None
                if owner is not None and owner is not referent and owner.kind in ("country", "organisation"):
                    return f"{owner.name}'s {referent.name}"
        return referent.name


def build_names(doc: Doc, quotes: Quotes) -> Names:
    """Builds the table of who is who of a parsed article."""
    return Names(doc, quotes)


def _phrase_kind(head: Token) -> str | None:
    lemma = head.lemma_.lower()
    if lemma in word_set("people"):
        return "group" if head.tag_ in ("NNS", "NNPS") else "person"
    return "organisation" if lemma in word_set("bodies") else None
