"""What makes a start's imports quick; they are most of its time."""

import builtins
import gc


def hasten() -> None:
    """Import without what only costs time; the window's collector takes collection over when it is there."""
    # What is imported stays: looking through it again and again finds nothing.
    gc.disable()
    plain_import()


def plain_import() -> None:
    """Put Python's own import back in the place of the one that Qt's bindings put there.

    Theirs reads the source text of every module that is imported from then on, to see whether it may use
    ``from __feature__ import``. This program never does.
    """
    import PySide6.QtCore  # noqa: F401 - puts theirs there

    own = getattr(builtins, "__orig_import__", None)
    # Somebody else's over it, a debugger's perhaps, is left alone.
    if own is not None and builtins.__import__ is getattr(builtins, "__feature_import__", None):
        builtins.__import__ = own
