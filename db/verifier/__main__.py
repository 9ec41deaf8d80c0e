"""``python -m db.verifier``, and the one file that is made of it."""

import sys

from db.verifier.main import main

sys.exit(main())
