"""``python -m verifier``, and the one file that is made of it."""

import sys

from verifier.main import main

sys.exit(main())
