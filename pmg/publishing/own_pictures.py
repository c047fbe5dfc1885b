"""One's own pictures: all that a folder holds, in whatever files, to be known by their digests."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple, cast

from pmg.images import HEAD_BYTES, LARGEST_FILE, SIGNATURE, Pixels, why_not_pixels
from pmg.options import Options
from pmg.problems import BadData, FileReport, Problems, shown
from pmg.raw.files import shown_name
from pmg.raw.pickles import open_pickle
from pmg.raw.pictures import Loaded, LoadedFile, LoadedPixels
from pmg.raw.tarballs import contents

ARCHIVES = (".tar.gz", ".tgz")
PICKLES = (".pkl", ".pickle")
ANY_PIXELS = Options(image_format="png")  # it holds every size


class OwnPicture(NamedTuple):
    """A picture that was read, and what it is called where it was found."""

    name: str  # a key of a pickle, or a path with forward slashes
    loaded: Loaded

    @property
    def names(self) -> set[str]:
        """What an item of this picture may be called: 12.jpg, 12, cats/12.jpg."""
        parts = PurePosixPath(self.name).parts
        ends = {"/".join(parts[start:]) for start in range(len(parts))}
        return ends | {PurePosixPath(self.name).stem}


def own_pictures(folder: Path, likely: Path, problems: Problems) -> Iterator[OwnPicture]:
    """Every picture below `folder`: files, members of .tar.gz archives, arrays in pickles.

    Those below `likely` come first. Other files are passed over; archives and pickles that cannot
    be read are reported.
    """
    for path in sorted(folder.rglob("*"), key=lambda path: (likely not in path.parents, path)):
        if not path.is_file():
            continue
        try:
            if path.name.endswith(ARCHIVES):
                yield from in_archive(path, problems)
            elif path.name.endswith(PICKLES):
                yield from in_pickle(path, problems)
            elif is_picture(path):
                name = path.relative_to(folder).as_posix()
                yield OwnPicture(name, LoadedFile(path.read_bytes(), shown_name(path), ""))
        except BadData as fault:
            problems.add(fault.problem)
        except OSError as error:
            remedy = "Give read permission on it"
            report = FileReport(shown_name(path), problems)
            report.error("", "a file that can be read", error.strerror or "none", remedy)


def in_archive(path: Path, problems: Problems) -> Iterator[OwnPicture]:
    report = FileReport(shown_name(path), problems)
    for name, data in contents(path, report):
        if SIGNATURE.match(data):
            yield OwnPicture(name, LoadedFile(data, report.file, f"member {shown(name)}"))


def in_pickle(path: Path, problems: Problems) -> Iterator[OwnPicture]:
    """Arrays that are pictures. Raises BadData as `open_pickle`."""
    with open_pickle(path, "a pickled dict") as values:
        for key in values:
            header = values.header(key)
            if header is None or why_not_pixels(header.shape, header.dtype, ANY_PIXELS):
                continue
            try:
                yield OwnPicture(str(key), LoadedPixels(cast("Pixels", values[key])))
            except BadData as fault:
                problems.add(fault.problem)


def is_picture(path: Path) -> bool:
    """Whether a file begins as a picture, and is no larger than any."""
    with path.open("rb") as file:
        begins = SIGNATURE.match(file.read(HEAD_BYTES)) is not None
    return begins and path.stat().st_size <= LARGEST_FILE
