"""Remote: a data set repository on the Hub, spoken to until it answers.

The Hub's client asks again only for some calls (not for commits, refs, tags), and an answer that
is lost does not say whether what was asked for is done. So whoever changes something looks at the
Hub before asking again.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Literal, NamedTuple

from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi, RepoFile
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError

from pmg.hub import DATASET, FAULTS, MAIN, XET_STATUS, persist
from pmg.problems import BadCall

LONGEST_ANSWER = 200  # characters of what a Hub says
UNAUTHORIZED, FORBIDDEN, PRECONDITION_FAILED = 401, 403, 412


class RemoteFile(NamedTuple):
    """A file as the Hub tells of it."""

    bytes: int
    sha256: str | None  # of a large file
    git_oid: str


class Remote:
    """One branch of a repository `ORG/NAME`."""

    def __init__(self, repository: str, branch: str) -> None:
        self.repository, self.branch = repository, branch
        self._api = HfApi()

    def head(self) -> str | None:
        """The branch's last commit; None where there is no such repository or branch."""
        return self._names("branches").get(self.branch)

    def base(self) -> str | None:
        """What a commit to the branch is made on top of: its head, or that of `main`."""
        branches = self._names("branches")
        return branches.get(self.branch, branches.get(MAIN))

    def tags(self) -> dict[str, str]:
        """Commits by tag."""
        return self._names("tags")

    def is_private(self) -> bool:
        return bool(persist(lambda: self._api.dataset_info(self.repository)).private)

    def files(self, commit: str) -> dict[str, RemoteFile]:
        """All files of a commit by path."""
        found = persist(
            lambda: list(
                self._api.list_repo_tree(
                    self.repository, recursive=True, revision=commit, repo_type=DATASET
                )
            )
        )
        return {
            each.path: RemoteFile(each.size, each.lfs.sha256 if each.lfs else None, each.blob_id)
            for each in found
            if isinstance(each, RepoFile)
        }

    def create(self, *, private: bool) -> str:
        """Make repository and branch where they are not there; answers with the branch's head."""
        visibility: Literal["private"] | None = "private" if private else None
        persist(
            lambda: self._api.create_repo(
                self.repository, repo_type=DATASET, visibility=visibility, exist_ok=True
            )
        )
        if self.branch != MAIN:
            persist(
                lambda: self._api.create_branch(
                    self.repository, branch=self.branch, repo_type=DATASET, exist_ok=True
                )
            )
        head = self.head()
        if head is None:
            raise BadCall(f"{self.repository}: no branch {self.branch}. Start again.")
        return head

    def send(self, addition: CommitOperationAdd) -> None:
        """Have the contents of a large file on the Hub, where nobody sees them yet."""
        persist(
            lambda: self._api.preupload_lfs_files(
                self.repository,
                [addition],
                repo_type=DATASET,
                revision=self.branch,
                free_memory=False,
            )
        )

    def commit(
        self,
        additions: Iterable[CommitOperationAdd],
        dropped: Iterable[str],
        parent: str,
        message: str,
    ) -> str:
        """Make one commit on top of `parent`; answers with where the branch is then.

        That is another's commit where somebody else was faster, so look at what it holds.
        """
        operations: list[CommitOperationAdd | CommitOperationDelete] = [*additions]
        operations += [CommitOperationDelete(path) for path in dropped]

        def commit() -> str:
            try:
                made = self._api.create_commit(
                    self.repository,
                    operations,
                    commit_message=message,
                    repo_type=DATASET,
                    revision=self.branch,
                    parent_commit=parent,
                )
            except HfHubHTTPError as error:
                moved = error.response.status_code == PRECONDITION_FAILED
                if moved and (head := self.head()) is not None:
                    return head
                raise
            return str(made.oid)

        return persist(commit, lambda: self._moved_from(parent))

    def _moved_from(self, parent: str) -> str | None:
        """The branch's head, where it is no more at `parent`."""
        head = self.head()
        return head if head != parent else None

    def tag(self, name: str, commit: str) -> None:
        persist(
            lambda: self._api.create_tag(
                self.repository, tag=name, revision=commit, repo_type=DATASET, exist_ok=True
            )
        )

    def _names(self, kind: str) -> dict[str, str]:
        """Commits by branch, or by tag."""
        try:
            refs = persist(lambda: self._api.list_repo_refs(self.repository, repo_type=DATASET))
        except RepositoryNotFoundError:
            return {}
        return {each.name: each.target_commit for each in getattr(refs, kind)}


@contextmanager
def sentences(repository: str) -> Iterator[None]:
    """Tell what the Hub refuses, or that it does not answer, as a `BadCall`."""
    try:
        yield
    except HfHubHTTPError as error:
        raise BadCall(f"{repository}: {refusal(error)}") from error
    except FAULTS as error:
        if isinstance(error.__cause__, HfHubHTTPError):
            raise BadCall(f"{repository}: {refusal(error.__cause__)}") from error
        said = " ".join(f"{type(error).__name__}: {error}".split())[:LONGEST_ANSWER]
        if isinstance(error, ValueError) or XET_STATUS.search(said):
            raise BadCall(
                f"{repository}: the Hub refuses, or gives no answer that can be read ({said}). "
                "What was sent stays there; the same call goes on."
            ) from error
        raise BadCall(
            f"{repository}: the Hub was not reached ({said}). What was sent stays there; "
            "the same call goes on."
        ) from error


def refusal(error: HfHubHTTPError) -> str:
    status = error.response.status_code
    if status in (UNAUTHORIZED, FORBIDDEN):
        return (
            "expected a token that may write there, found one that may not. "
            "Make one that may, and `hf auth login` with it."
        )
    said = " ".join(str(error.server_message or error).split())[:LONGEST_ANSWER]
    return f"the Hub answers {status} ({said}). What was sent stays there; the same call goes on."
