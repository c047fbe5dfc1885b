"""Every line of code in README, card and documents runs as it stands there."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from pmg_bench import DOMAINS
from tests.documents.run_document import ROOT, blocks
from tests.hub.server import running
from tests.publishing import REPOSITORY, client_of, push

CARD = "the card"
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / CARD,
    *sorted((ROOT / "docs").glob("*.md")),
    ROOT / "benchmarks" / "README.md",
    *(domain.readme for domain in DOMAINS),
]
LANGUAGES = {"python", "sh"}
NEEDED = {"torch": "torch", "cornac": "cornac"}  # packages that some code imports, by what tells


def laid_out(folder: Path, raw: Path, built: Path) -> None:
    """What a reader has at hand: the demo, a set, MovieLens, pictures."""
    (folder / "demo").mkdir(parents=True)
    (folder / "demo" / "raw").symlink_to(raw)
    (folder / "demo" / "pmg-bench").symlink_to(built)
    (folder / "pmg-bench").symlink_to(built)
    (folder / "my-pictures").symlink_to(raw)
    (folder / "ml-latest-small").mkdir()
    write_movielens(folder / "ml-latest-small", raw / "movieposter")


def write_movielens(folder: Path, drawn: Path) -> None:
    """A folder as MovieLens has it, of the drawn movies."""
    _, *movies = (drawn / "info.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "movies.csv").write_text("movieId,title,genres\n" + "".join(movies), "utf-8")
    (folder / "ratings.csv").write_bytes((drawn / "ratings.csv").read_bytes())
    (folder / "links.csv").write_text("movieId,imdbId,tmdbId\n", "utf-8")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_line_of_code_runs(
    raw: Path, built: Path, withheld: Path, tmp_path: Path, document: Path
) -> None:
    if document.name == CARD:
        document = built / "README.md"
    code = [*blocks(document)]
    lacking = [name for name in NEEDED if any(name in each.code for each in code)
               and find_spec(NEEDED[name]) is None]  # fmt: skip
    if lacking:
        pytest.skip(f"{' and '.join(lacking)}: large, and not installed")
    assert {block.language for block in code} <= LANGUAGES
    if not code:
        return
    laid_out(tmp_path / "here", raw, built)
    published = withheld if document == ROOT / "README.md" else built  # `attach` is for such a set
    with running(tmp_path / "hub") as hub:
        assert push(hub, published).returncode == 0
        environment = client_of(hub, PYTHONPATH=str(ROOT))
        if "verify_repo_checksums" in document.read_text(encoding="utf-8"):
            download(environment)
        run = subprocess.run(
            [sys.executable, str(Path(__file__).with_name("run_document.py")), str(document)],
            cwd=tmp_path / "here",
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    assert run.returncode == 0, run.stderr
    assert run.stdout.split() == [block.language for block in code]


def download(environment: dict[str, str]) -> None:
    """Do what the card says was done before a byte was looked at."""
    call = f"snapshot_download({REPOSITORY!r}, repo_type='dataset')"
    script = f"from huggingface_hub import snapshot_download; {call}"
    subprocess.run([sys.executable, "-c", script], env=environment, check=True)


def test_all_documents_are_looked_at() -> None:
    rooms = [ROOT, *(ROOT / name for name in ("docs", "benchmarks", "examples", "pmg"))]
    found = {path for room in rooms for path in room.glob("*.md")}
    as_built = ROOT / "dataset_card.md"
    assert {path for path in found if [*blocks(path)]} - {as_built} <= {*DOCUMENTS}


def test_a_first_batch_takes_five_lines() -> None:
    (code,) = (each.code for each in blocks(ROOT / "README.md") if "DataLoader(" in each.code)
    assert len([line for line in code.splitlines() if line]) <= 5
