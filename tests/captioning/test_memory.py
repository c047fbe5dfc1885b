"""Memory does not grow with the pictures: those of a big folder would fill it many times over."""

import subprocess
import time
from pathlib import Path

from tests.captioning.asked import stickers
from tests.captioning.conftest import Start
from tests.captioning.test_resuming import begun
from tests.processes import anonymous

SQUARE = 128  # pixels, of 4 x 4: a decoded picture has 786 kB
FEW, MANY = 60, 600
ROOM = 120 << 20  # bytes that two runs may differ by; all pictures together have 470 MB


def most_of(process: "subprocess.Popen[str]") -> int:
    """The most memory that a process has to itself, until it ends."""
    most = 0
    with process:
        while process.poll() is None:
            most = max(most, anonymous(process.pid))
            time.sleep(0.05)
        assert process.returncode == 0, process.communicate()
    return most


def test_ten_times_the_pictures_take_no_more_memory(tmp_path: Path, start: Start) -> None:
    most = [
        most_of(begun(stickers(tmp_path / f"raw{count}", count, SQUARE), start()))
        for count in (FEW, MANY)
    ]
    few, many = most
    assert few > 0
    assert many - few < ROOM, (few, many)
