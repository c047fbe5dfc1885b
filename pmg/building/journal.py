"""The journal of a folder in work: a line of JSON for each finished file, with its sum.

It outlives whoever writes it. A line that was cut off, or that tells of a file which is not there
as it was, counts as never written.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path

from pmg.whole_files import WrittenFile, is_as_described, write_text

NAME = "journal.jsonl"


class Journal:
    """Finished files below `folder`, by key; `made_with` tells what all of them depend on.

    Files of a journal that was made with something else are forgotten.
    """

    def __init__(self, folder: Path, made_with: str) -> None:
        self._folder, self._path = folder, folder / NAME
        self._sound: set[str] = set()  # keys of files that were looked at
        heading, *told = list(_lines(self._path)) or [""]
        same = told if heading == made_with else []
        self._files = {file.key: file for file in (WrittenFile(*each) for each in same)}
        lines = [made_with, *self._files.values()]
        write_text(self._path, "".join(f"{json.dumps(line)}\n" for line in lines))

    def add(self, file: WrittenFile) -> None:
        """Note a finished file, so that it is found again after whatever happens."""
        with self._path.open("a", encoding="ascii") as journal:
            journal.write(f"{json.dumps(file)}\n")
            journal.flush()
            os.fsync(journal.fileno())
        self._files[file.key] = file
        self._sound.add(file.key)

    def get(self, key: str) -> WrittenFile | None:
        """The finished file of that key, if its bytes are still as they were."""
        file = self._files.get(key)
        if file is not None and key not in self._sound:
            if not is_as_described(file, self._folder):
                del self._files[key]
                return None
            self._sound.add(key)
        return file

    def __iter__(self) -> Iterator[str]:
        """Keys of all that was noted, in that order."""
        return iter(list(self._files))

    def __len__(self) -> int:
        return len(self._files)

    def bytes(self) -> int:
        """On the disk, of files that were noted and that nothing else holds."""
        paths = (self._folder / file.path for file in self._files.values())
        states = [path.stat() for path in paths if path.is_file()]
        return sum(state.st_size for state in states if state.st_nlink == 1)

    def paths(self) -> set[str]:
        """Where all that was noted lies, below the folder."""
        return {file.path for file in self._files.values()}


def _lines(path: Path) -> Iterator[list[object] | str]:
    """The values of the lines that are whole."""
    for line in path.read_bytes().splitlines() if path.is_file() else ():
        try:
            yield json.loads(line)
        except ValueError:  # whoever wrote it was killed
            return
