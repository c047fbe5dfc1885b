"""Damage and malice are told or harmless: nothing runs, and memory stays bounded."""

import io
import pickle
import random
import re
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pmg.raw.pickles import open_pickle
from tests.pickles.files import PIXELS, ROOT, WHAT, array_of, read_all


def test_random_damage_is_told_or_harmless(tmp_path: Path) -> None:
    dice = random.Random(20260101)  # noqa: S311 - damage, not secrets
    wanted = {1: PIXELS, np.int64(2): ["a", "é" * 200], "3": np.asfortranarray(np.eye(3)), 4: 1.5}
    for protocol in range(6):
        content = pickle.dumps(wanted, protocol)
        for _ in range(150):
            damaged = bytearray(content)
            for _ in range(dice.randint(1, 3)):
                damaged[dice.randrange(len(damaged))] = dice.randrange(256)
            read_all(bytes(damaged), tmp_path)


PIECES = [b"K\x01", b"cnumpy\ndtype\n", b"h\x00", b"(", b"\x94", b"R", b"b", b"\x8c\x02u1"]
PIECES += [bytes([n]) for n in range(256)]


@given(st.lists(st.sampled_from(PIECES), max_size=60))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_opcodes_are_told_or_harmless(tmp_path: Path, pieces: list[bytes]) -> None:
    read_all(b"\x80\x04}" + b"".join(pieces) + b".", tmp_path)


NOTHING_RUNS = """
import sys
from pathlib import Path
from pmg.raw.pickles import open_pickle
from pmg.problems import BadData

good, *bad = map(Path, sys.argv[1:])
with open_pickle(good, "warm-up") as mapping:
    dict(mapping)  # numpy imports what it needs on first use

events = []
listening = True

def listen(event, arguments):
    if listening and event not in {"open", "mmap.__new__"}:
        events.append(event)

sys.addaudithook(listen)
for path in bad:
    try:
        with open_pickle(path, "x") as mapping:
            dict(mapping)
        raise SystemExit(f"{path} was let pass")
    except BadData:
        pass
listening = False
print(sorted(set(events)))
"""


def test_nothing_is_imported_or_run(tmp_path: Path) -> None:
    paths = []
    contents = [
        pickle.dumps({1: PIXELS, 2: "a" * 300}, 4),
        b"(dI1\ncos\nsystem\n(S'touch " + str(tmp_path / "ran").encode() + b"'\ntRs.",
        b"\x80\x04}K\x01\x8c\x02os\x8c\x06system\x93\x8c\x04true\x85Rs.",
        b"\x80\x02}K\x01cantigravity\ngeohash\n)Rs.",
        b"(dI1\n(S'true'\nios\nsystem\ns.",
        b"\x80\x02}K\x01cbuiltins\neval\nX\x03\x00\x00\x001+1\x85Rs.",
        b"\x80\x02}K\x01cnumpy\nload\n)Rs.",
        b"\x80\x02}K\x01C\x03abccnumpy\ndtype\n(tRs.",
    ]
    for number, content in enumerate(contents):
        paths.append(tmp_path / f"{number}.pkl")
        paths[-1].write_bytes(content)
    # Unpickled by Python, the first of them does run: the listener has something to hear.
    run = subprocess.run(
        [sys.executable, "-c", NOTHING_RUNS, *map(str, paths)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, "[]\n", "")
    assert not (tmp_path / "ran").exists()
    pickle.load(io.BytesIO(contents[1]))
    assert (tmp_path / "ran").exists()


def anonymous_memory() -> int:
    """Bytes of memory that belong to this process and to no file."""
    found = re.search(
        r"^Anonymous:\s+(\d+) kB", Path("/proc/self/smaps_rollup").read_text(), re.MULTILINE
    )
    assert found is not None
    return int(found[1]) * 1024


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_opening_takes_no_memory_by_the_bytes_of_pictures(tmp_path: Path) -> None:
    nbytes = 8192 * 8192
    path = tmp_path / "posters.pkl"
    with path.open("wb") as file:
        file.write(b"\x80\x03}")
        for number in range(8):
            file.write(b"K" + bytes([number]) + array_of(b"M\x00\x20", b""))
            file.write(b"B" + struct.pack("<I", nbytes))
            file.seek(nbytes, io.SEEK_CUR)  # a hole of zeros
            file.write(b"tbs")
        file.write(b".")
    assert path.stat().st_size > 500_000_000
    before = anonymous_memory()
    with open_pickle(path, WHAT) as mapping:
        assert list(mapping) == list(range(8))
        header = mapping.header(7)
        assert header is not None
        assert header.shape == (8192, 8192)
        assert anonymous_memory() - before < 4_000_000
