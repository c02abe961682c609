"""Build the search index: the same as `kb index`, for those who look for it here."""

import sys

from kb.cli import main

if __name__ == "__main__":
    main(["index", *sys.argv[1:]], prog_name="index_build.py")
