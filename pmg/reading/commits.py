"""Commits: a state of a repository on the Hub, whose files are read in parts."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from huggingface_hub import hf_hub_url
from huggingface_hub.constants import HF_HUB_DOWNLOAD_TIMEOUT
from huggingface_hub.errors import (
    EntryNotFoundError,
    LocalEntryNotFoundError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from huggingface_hub.utils import (  # type: ignore[attr-defined] # they are documented there
    build_hf_headers,
    hf_raise_for_status,
    http_backoff,
)

from pmg.hub import DATASET, FAULTS
from pmg.problems import BadCall
from pmg.whole_files import MANIFEST

SAID = 200  # characters of what the Hub's client says


class Commit(NamedTuple):
    """A state of a repository on the Hub."""

    repository: str
    commit: str

    def part(self, file: str, start: int, end: int) -> bytes:
        """Bytes of a file, by one request, where `HfFileSystem` would look around before.

        Raises:
            BadCall: the Hub has no such file, or cannot be reached.
        """
        url = hf_hub_url(self.repository, file, repo_type=DATASET, revision=self.commit)
        headers = {**build_hf_headers(), "Range": f"bytes={start}-{end - 1}"}
        with reached(self.repository):
            answer = http_backoff("GET", url, headers=headers, timeout=HF_HUB_DOWNLOAD_TIMEOUT)
            hf_raise_for_status(answer)
            return bytes(answer.content)


@contextmanager
def reached(name: str) -> Iterator[None]:
    """Tell as a BadCall what the Hub does not have, or that it does not answer."""
    try:
        yield
    except (LocalEntryNotFoundError, OfflineModeIsEnabled) as error:
        raise BadCall(
            f"{name}: expected the Hub to answer, or the set on this disk, found neither. "
            "Go online, or name a folder."
        ) from error
    except RepositoryNotFoundError as error:
        raise BadCall(
            f"{name}: expected a data set on the Hub, found none, or one that asks for a token. "
            "Look at the name, or `hf auth login`."
        ) from error
    except (RevisionNotFoundError, EntryNotFoundError, FileNotFoundError) as error:
        raise BadCall(
            f"{name}: expected a set that `pmg-bench push` published, found no {MANIFEST} or "
            "another file it tells of. Name another repository or revision."
        ) from error
    except FAULTS as error:
        said = " ".join(f"{type(error).__name__}: {error}".split())[:SAID]
        raise BadCall(
            f"{name}: the Hub was not reached ({said}). Try again; what was fetched stays."
        ) from error
