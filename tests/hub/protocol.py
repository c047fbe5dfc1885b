"""A Hub: which of its repositories a request is about, and who answers it.

Knows nothing of sockets: a request in, an answer out.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from tests.hub import reading, writing
from tests.hub.messages import Answer, Names, Request, json_answer, refusal
from tests.hub.repository import Refused, Repository

TOKEN = "hf_write"  # noqa: S105 - nobody's
REPOSITORY, REVISION = r"(?P<repository>[^/]+/[^/]+?)", r"(?P<revision>[^/]+)"
API, PLAIN = f"/api/datasets/{REPOSITORY}", f"/datasets/{REPOSITORY}"
PATH, SHA256 = "(?P<path>.+)", "(?P<sha256>[0-9a-f]{64})"


class Route(NamedTuple):
    """Who answers requests of a kind."""

    methods: str
    pattern: str
    reply: Callable[[Request, Repository, Names], Answer]


READS = (
    Route("GET", API, reading.info),
    Route("GET", f"{API}/revision/{REVISION}", reading.info),
    Route("GET", f"{API}/refs", reading.refs),
    Route("GET", f"{API}/tree/{REVISION}(?:/(?P<path>.*))?", reading.tree),
    Route("POST", f"{API}/paths-info/{REVISION}", reading.paths_info),
    Route("HEAD GET", f"{PLAIN}/resolve/{REVISION}/{PATH}", reading.resolve),
    Route("HEAD GET", f"/api/resolve-cache{PLAIN}/{REVISION}/{PATH}", reading.regular),
    Route("GET", f"{API}/xet-read-token/{REVISION}", writing.xet_token),
    Route("HEAD GET", f"/cdn/{REPOSITORY}/{SHA256}", reading.large),
)
# Where contents go, which needs no token: whoever has the address may send.
UPLOADS = (
    Route("PUT", f"/lfs/{REPOSITORY}/{SHA256}", writing.put),
    Route("PUT", f"/lfs/{REPOSITORY}/{SHA256}/(?P<part>[0-9]+)", writing.put_part),
    Route("POST", f"/lfs/{REPOSITORY}/{SHA256}/complete", writing.complete),
)
WRITES = (
    Route("POST", f"{API}/preupload/{REVISION}", writing.preupload),
    Route("POST", rf"{PLAIN}\.git/info/lfs/objects/batch", writing.batch),
    Route("POST", f"/lfs/{REPOSITORY}/verify", writing.verify),
    Route("GET", f"{API}/xet-write-token/{REVISION}", writing.xet_token),
    Route("POST", f"{API}/commit/{REVISION}", writing.commit),
    Route("POST", f"{API}/branch/{REVISION}", writing.branch),
    Route("POST", f"{API}/tag/{REVISION}", writing.tag),
)


class Hub:
    """Repositories, and what is said of them."""

    def __init__(self, store: Path, xet: Path | None = None) -> None:
        """`store` is a folder that contents are kept in, `xet` one for those that come by xet."""
        self._store, self._xet = store, xet
        self.repositories: dict[str, Repository] = {}

    def answer(self, request: Request) -> Answer:
        try:
            if request.path == "/api/repos/create":
                require_token(request)
                return self.create(request)
            if request.path == "/api/validate-yaml":
                return json_answer({"errors": [], "warnings": []})
            return self.answer_of_repository(request)
        except Refused as refused:
            return refusal(refused.status, refused.said, refused.code)

    def answer_of_repository(self, request: Request) -> Answer:
        for route in (*READS, *UPLOADS, *WRITES):
            found = re.fullmatch(route.pattern, request.path)
            if found and request.method in route.methods.split():
                names = {name: unquote(part or "") for name, part in found.groupdict().items()}
                if route in WRITES:
                    require_token(request)
                if (repository := self.repositories.get(names["repository"])) is None:
                    break
                return route.reply(request, repository, names)
        raise Refused(404, f"nothing at {request.method} {request.path}", "RepoNotFound")

    def create(self, request: Request) -> Answer:
        told = request.json()
        name = f"{told.get('organization') or 'me'}/{told['name']}"
        answer = {"url": f"{request.origin}/datasets/{name}", "name": name}
        if name in self.repositories:
            return json_answer(answer | {"error": "You already created this dataset repo"}, 409)
        folder = self._store / name
        folder.mkdir(parents=True)
        self.repositories[name] = Repository(name, folder)
        self.repositories[name].xet = self._xet
        self.repositories[name].private = told.get("visibility") == "private"
        return json_answer(answer)


def require_token(request: Request) -> None:
    if request.token != TOKEN:
        raise Refused(401, "Invalid credentials in Authorization header")
