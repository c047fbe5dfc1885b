"""The notebook runs as it stands, and keeps its pictures."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).parents[1] / "examples" / "walkthrough.ipynb"
LARGEST = 3_000_000  # bytes, of what everybody who clones this gets


def outputs(notebook: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - of nbformat
    """What cells show, by kind of content."""
    return [
        output.get("data", {})
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.output_type == "execute_result"
    ]


def test_it_runs_on_drawn_data(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    (here / "pmg-bench").symlink_to(built)
    shutil.copy(NOTEBOOK, here)
    monkeypatch.setenv("PYTHONPATH", str(NOTEBOOK.parents[1]))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "jupyter"))
    notebook = nbformat.read(here / NOTEBOOK.name, as_version=4)  # type: ignore[no-untyped-call] # nbformat's gap
    done = NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(here)}}
    ).execute()
    shown = outputs(done)
    assert sum("<img" in each.get("text/html", "") for each in shown) == 2
    assert sum("image/png" in each for each in shown) == 1
    # It shows what is kept: pictures where there were pictures, tables where there were tables.
    kept = nbformat.read(NOTEBOOK, as_version=4)  # type: ignore[no-untyped-call] # nbformat's gap
    assert [sorted(each) for each in shown] == [sorted(each) for each in outputs(kept)]


def test_its_pictures_are_kept_and_no_path_of_a_machine() -> None:
    text = NOTEBOOK.read_text(encoding="utf-8")
    assert text.count("data:image/webp;base64,") > 8
    assert NOTEBOOK.stat().st_size < LARGEST
    for cell in json.loads(text)["cells"]:
        for output in cell.get("outputs", []):
            assert output["output_type"] == "execute_result", output
            told = re.sub(r"base64,[^\"]+|\"image/png\": \"[^\"]+", "", json.dumps(output))
            assert not re.search(r"/(tmp|home|root|work|Users)/", told)
