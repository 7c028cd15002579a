"""`python -m dlcourse.cli` does what `dlcourse` does."""

import sys

from dlcourse.cli import main

sys.exit(main())
