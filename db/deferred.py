"""Names of a package whose modules take long to load: they come when the first of them is asked for.

A console's board is there sooner by a third of a second: it shows the record long before anybody writes to it.
"""

import sys
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec


def names_of(home: str) -> Callable[[str], object]:
    """What a package has as ``__getattr__``: all its names come with one module.

    Args:
        home: the module of that package that holds them, by its whole name.
    """
    package = home.rpartition(".")[0]

    def named(name: str) -> object:
        # What tools ask every module for is not worth loading one, and a module of the package comes by itself.
        if name.startswith("__") or find_spec(f"{package}.{name}") is not None:
            raise AttributeError(name)
        found = getattr(import_module(home), name)
        # From here on it is one of the package's own, and nobody is asked for it.
        setattr(sys.modules[package], name, found)
        return found

    return named
