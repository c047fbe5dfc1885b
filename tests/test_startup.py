"""A verb starts without what it does not use: heavy packages that happen to be installed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).parents[1] / "pmg_bench.py"
HEAVY = ("torch", "tensorflow", "jax", "ray", "mlcroissant", "matplotlib", "skimage", "sklearn")
USED = {
    "draw": "pmg.raw.folder",
    "check": "pmg.check",
    "build": "pmg.building.build",
    "show": "jinja2",
    "verify": "pmg.verify",
}
RAY = {"pmg.building.ray_engine"}
OF_OTHER_VERBS = {
    "draw": {
        "pmg.building.build",
        "pmg.verify",
        "pmg.pages.page",
        "jinja2",
        "pmg.building.ray_engine",
    },
    "check": {
        "pmg.building.build",
        "pmg.verify",
        "pmg.pages.page",
        "jinja2",
        "pmg.building.ray_engine",
    },
    "build": {"pmg.verify", "pmg.pages.page", "jinja2", "pmg.building.ray_engine", "pmg.demo"},
    "show": {"pmg.building.build", "pmg.verify", "pmg.demo"},
    "verify": {"pmg.building.build", "pmg.pages.page", "jinja2", "pmg.demo"},
}


@pytest.fixture(scope="module")
def heavy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Packages by these names, which look installed and write down that they were imported."""
    folder = tmp_path_factory.mktemp("heavy")
    for name in HEAVY:
        (folder / name).mkdir()
        (folder / name / "__init__.py").write_text(
            f"open({str(folder / 'imported.txt')!r}, 'a').write({name!r} + '\\n')\n"
            f"__version__ = '2.0.0'\nraise ImportError({name!r})\n"
        )
        told = folder / f"{name}-2.0.0.dist-info"
        told.mkdir()
        (told / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 2.0.0\n")
    return folder


def run(heavy: Path, *arguments: str) -> tuple[int, set[str]]:
    """Exit code of a verb, and every module that it imported."""
    ended = subprocess.run(
        [sys.executable, "-X", "importtime", str(PROGRAM), *arguments],
        env=os.environ | {"PYTHONPATH": str(heavy)},
        cwd=heavy,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = ended.stderr.splitlines()
    modules = {line.rpartition("|")[2].strip() for line in lines if line.startswith("import time:")}
    return ended.returncode, modules


def test_verbs_import_what_they_use(heavy: Path, tmp_path: Path) -> None:
    raw, out = str(tmp_path / "raw"), str(tmp_path / "pmg-bench")
    calls = {
        "draw": [raw, "--domain", "ser30k"],
        "check": [raw],
        "build": [raw, out],
        "show": [out, "--html", str(tmp_path / "samples.html")],
        "verify": [out],
    }
    for verb, arguments in calls.items():
        code, modules = run(heavy, verb, *arguments)
        assert code == 0, verb
        assert USED[verb] in modules
        assert not modules & (OF_OTHER_VERBS[verb] | set(HEAVY)), verb
        assert not (heavy / "imported.txt").exists(), verb


def test_what_is_imported_would_be_seen(heavy: Path, tmp_path: Path) -> None:
    raw = str(tmp_path / "raw")
    run(heavy, "draw", raw, "--domain", "ser30k")
    code, _ = run(heavy, "build", raw, str(tmp_path / "out"), "--engine", "ray")
    assert code != 0
    assert (heavy / "imported.txt").read_text() == "ray\n"
    (heavy / "imported.txt").unlink()
