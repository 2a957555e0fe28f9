"""What can be wrong with a tree, each with a way out in its message."""


class StoreError(Exception):
    """The tree can't be used as it stands; the message says why and what to do."""


class Locked(StoreError):
    """Another run holds the tree (exit code 4)."""


class NotWritable(StoreError):
    """The output can't be written: no rights, or no folder (exit code 2)."""


class NoRoom(StoreError):
    """The disk is full."""


class Unreachable(StoreError):
    """The object store does not answer, or refuses."""


class TreeDamaged(StoreError):
    """A file of the tree is missing or cut."""


class NewerTree(StoreError):
    """A newer newsmill has written the tree."""


class StateMismatch(StoreError):
    """The state was written under another scheme, so it can't be compared with what this version makes."""


class StateMissing(StoreError):
    """A state file that the newest manifest names is gone or cut."""
