"""What a Hub says to who reads, as huggingface_hub 2.4 and datasets 5.2 ask."""

from tests.hub.messages import Answer, Names, Request, json_answer, part_of
from tests.hub.repository import Blob, Refused, Repository, entries
from tests.hub.xet import hashes

PAGE = 1_000  # entries in an answer to `tree`, as the Hub's
MOMENT = "2026-01-01T00:00:00.000Z"  # of every commit


def info(_: Request, repository: Repository, names: Names) -> Answer:
    commit = repository.commit_of(names.get("revision", "main"))
    siblings = [{"rfilename": name} for name in repository.commits[commit]]
    told = {"id": repository.name, "sha": commit, "siblings": siblings, "tags": []}
    return json_answer({**told, "private": repository.private, "lastModified": MOMENT})


def refs(_: Request, repository: Repository, __: Names) -> Answer:
    branches, tags = (
        [
            {"name": name, "ref": f"refs/{kind}/{name}", "targetCommit": commit}
            for name, commit in named.items()
        ]
        for kind, named in (("heads", repository.branches), ("tags", repository.tags))
    )
    return json_answer({"branches": branches, "tags": tags, "converts": []})


def tree(request: Request, repository: Repository, names: Names) -> Answer:
    recursive = request.values.get("recursive", [""])[0].lower() in {"true", "1"}
    under = names["path"].rstrip("/")
    found = entries(repository.files(names["revision"]), under, recursive=recursive)
    if under and not found:
        raise Refused(404, f"no {under}", "EntryNotFound")
    size = int(request.values.get("limit", [str(PAGE)])[0])
    start = int(request.values.get("cursor", ["0"])[0])
    answer = json_answer(found[start : start + size])
    if start + size < len(found):
        query = f"recursive={recursive}&limit={size}&cursor={start + size}"
        answer.headers["Link"] = f'<{request.origin}{request.path}?{query}>; rel="next"'
    return answer


def paths_info(request: Request, repository: Repository, names: Names) -> Answer:
    files = repository.files(names["revision"])
    found = {entry["path"]: entry for entry in entries(files, "", recursive=True)}
    wanted = [path.strip("/") for path in request.values.get("paths", [])]
    return json_answer([found[path] for path in wanted if path in found])


def resolve(request: Request, repository: Repository, names: Names) -> Answer:
    """Every file is elsewhere: large ones on the CDN, the others in a cache of the Hub's."""
    commit = repository.commit_of(names["revision"])
    blob = _file(repository, commit, names["path"])
    headers = {"X-Repo-Commit": commit}
    if not blob.large:
        place = f"/api/resolve-cache/datasets/{repository.name}/{commit}/{names['path']}"
        return Answer(307, headers | {"Location": place}, b"")
    if repository.xet and (own := hashes(repository.xet).get(blob.sha256)):
        route = f"{request.origin}/api/datasets/{repository.name}/xet-read-token/{commit}"
        headers |= {"X-Xet-Hash": own, "X-Xet-Refresh-Route": route}
    headers |= {"X-Linked-Size": str(blob.size), "X-Linked-Etag": f'"{blob.sha256}"'}
    # Another host, as clients take what the same host leads to for an answer of the Hub's own.
    elsewhere = request.origin.replace("127.0.0.1", "localhost")
    place = f"{elsewhere}/cdn/{repository.name}/{blob.sha256}"
    return Answer(302, headers | {"Location": place}, b"")


def regular(request: Request, repository: Repository, names: Names) -> Answer:
    commit = repository.commit_of(names["revision"])
    blob = _file(repository, commit, names["path"])
    return part_of(blob, request, {"X-Repo-Commit": commit})


def large(request: Request, repository: Repository, names: Names) -> Answer:
    for files in repository.commits.values():
        for blob in files.values():
            if blob.sha256 == names["sha256"]:
                return part_of(blob, request, {})
    raise Refused(404, "no such contents", "EntryNotFound")


def _file(repository: Repository, commit: str, path: str) -> Blob:
    blob = repository.commits[commit].get(path)
    if blob is None:
        raise Refused(404, f"no {path}", "EntryNotFound")
    return blob
