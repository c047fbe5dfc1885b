"""The installed program: a wheel, in an environment and a folder of its own."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def run(*command: str | Path, folder: Path) -> str:
    outside = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    ended = subprocess.run(
        list(map(str, command)),
        cwd=folder,
        env=outside,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command of a fresh environment that holds this project's wheel.

    The libraries are those of the tests' own environment, as tests call no package index.
    """
    folder = tmp_path_factory.mktemp("installed")
    run(
        sys.executable, "-m", "pip", "wheel", ROOT, "--no-deps", "--no-build-isolation",
        "--no-index", "--quiet", "--wheel-dir", folder, folder=folder,
    )  # fmt: skip
    venv.create(folder / "env", with_pip=False)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    packages = folder / "env" / "lib" / version / "site-packages"
    (packages / "libraries.pth").write_text(sysconfig.get_paths()["purelib"])
    wheel = next(folder.glob("*.whl"))
    run(
        sys.executable, "-m", "pip", "--python", folder / "env" / "bin" / "python", "install",
        "--no-deps", "--no-index", "--quiet", wheel, folder=folder,
    )  # fmt: skip
    return folder / "env" / "bin" / "pmg-bench"


def test_the_installed_command_goes_the_whole_road(installed: Path, tmp_path: Path) -> None:
    assert "build  movieposter" in run(installed, "demo", folder=tmp_path)
    card = (tmp_path / "demo" / "pmg-bench" / "README.md").read_text()
    assert "## How histories are cut" in card
    assert "PMG-Bench" in (tmp_path / "demo" / "samples.html").read_text()


def test_the_installed_package_is_not_the_checkout(installed: Path, tmp_path: Path) -> None:
    script = "import pmg, movieposter, pathlib; print(pmg.__file__); print(movieposter.__file__)"
    for line in run(installed.with_name("python"), "-c", script, folder=tmp_path).split():
        assert Path(line).is_relative_to(installed.parents[1])
        readme = Path(line).with_name("README.md")
        assert readme.is_file() == (readme.parent.name == "movieposter")


def test_the_installed_command_asks_for_captions(installed: Path, tmp_path: Path) -> None:
    run(installed, "draw", "raw", "--domain", "ser30k", folder=tmp_path)
    (tmp_path / "raw" / "ser30k" / "captions.json").unlink()
    asked = ("caption", "raw", "--domain", "ser30k", "--channel", "both", "--dry-run", "--json")
    told = json.loads(run(installed, *asked, folder=tmp_path))
    assert told["estimate"]["questions"] == 480
