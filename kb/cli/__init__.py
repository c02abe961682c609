"""`kb` on the command line: parse, call the library, print, and exit with 0, 1 or 2. No rule and no query lives here.

Modules of this package import click alone at the top and the library inside the commands: `kb --help` and a typing
error should answer at once, without reading models, YAML or the search engine.
"""

from kb.cli.main import main, run

__all__ = ["main", "run"]
