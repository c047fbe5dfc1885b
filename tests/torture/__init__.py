"""Builds that are killed, and disks that fail.

`make test` runs a tenth of these, always the same; `make torture`, which sets `TORTURE`, runs all.
"""

import os

ALL = "TORTURE" in os.environ
SHARE = 1 if ALL else 10  # one of how many is run
