"""A fourth domain: one folder and one line, and it is held to the same contract."""

import shutil
import subprocess
import sys
from pathlib import Path

from pmg_bench import DOMAINS

ROOT = Path(__file__).parents[1]
ROOM = Path(__file__).with_name("rooms") / "toy"
CODE = ("pmg", "tests", "pmg_bench.py", "dataset_card.md", "pyproject.toml", "README.md")


def test_a_fourth_domain_joins_by_a_folder_and_a_line(tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    for name in (*CODE, *(domain.name for domain in DOMAINS)):
        path = ROOT / name
        ignored = shutil.ignore_patterns("__pycache__")
        if path.is_dir():
            shutil.copytree(path, checkout / name, ignore=ignored)
        else:
            shutil.copy(path, checkout / name)
    shutil.copytree(ROOM, checkout / "toy")
    door = checkout / "pmg_bench.py"
    last = "    ser30k.DOMAIN,\n"
    text = door.read_text(encoding="utf-8")
    assert last in text
    door.write_text(text.replace(last, f'{last}    __import__("toy").DOMAIN,\n'), encoding="utf-8")
    contract = ["tests/test_contract.py", "tests/test_architecture.py"]
    command = [sys.executable, "-m", "pytest", "-q", "-k", "toy or shared", *contract]
    run = subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout
    assert "passed" in run.stdout
