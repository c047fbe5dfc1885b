"""`check` says the same, whoever looks at the pictures."""

from pathlib import Path

import pytest

from pmg_bench import main
from tests.fifty_faults.raw_folder import write_raw


def test_workers_find_what_one_process_finds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_raw(Path("raw"))
    sticker = Path("raw/ser30k/images/02-cat/sticker_2.jpg")
    sticker.write_bytes(sticker.read_bytes()[:-60])  # which shows when it is decoded
    said = []
    for workers in ("1", "2"):
        assert main(["check", "raw", "--workers", workers]) == 1
        said.append(capsys.readouterr().out)
    assert said[0] == said[1]
    assert "ser30k/images/02-cat/sticker_2.jpg: expected a picture that decodes" in said[0]
    assert "member 'images/f6.jpg': expected a picture that decodes" in said[0]
