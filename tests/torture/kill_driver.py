"""A build that kills itself, and all that it started, at the end of a stage.

python kill_driver.py OWNER.FUNCTION build RAW OUT …
"""

import os
import pkgutil
import signal
import sys
from typing import Any

from pmg_bench import main

if __name__ == "__main__":
    owner_name, name = sys.argv[1].rsplit(".", 1)
    owner: Any = pkgutil.resolve_name(owner_name)
    stage = getattr(owner, name)

    def last(*arguments: Any) -> None:  # noqa: ANN401 - of any stage
        stage(*arguments)
        os.killpg(0, signal.SIGKILL)

    setattr(owner, name, last)
    sys.exit(main(sys.argv[2:]))
