"""``python -m bowout``: the same program as the ``bowout`` command."""

import sys

from bowout.cli import main

if __name__ == "__main__":
    sys.exit(main())
