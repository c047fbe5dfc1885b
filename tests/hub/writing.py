"""What a Hub says to who publishes, as huggingface_hub 2.4 does it without xet."""

import base64
import json
from typing import Any

from tests.hub import xet
from tests.hub.messages import Answer, Names, Request, json_answer
from tests.hub.repository import Files, Refused, Repository, blob_of, is_large

ONE_PART = 1 << 16  # bytes; a larger file is sent in parts of this size


def preupload(request: Request, repository: Repository, names: Names) -> Answer:
    files = repository.files(names["revision"])
    told = []
    for file in request.json()["files"]:
        mode = "lfs" if is_large(file["path"], file["size"]) else "regular"
        known = {"oid": files[file["path"]].oid} if file["path"] in files else {}
        told.append({"path": file["path"], "uploadMode": mode, "shouldIgnore": False} | known)
    return json_answer({"files": told})


def batch(request: Request, repository: Repository, _: Names) -> Answer:
    asked = request.json()
    lfs = f"{request.origin}/lfs/{repository.name}"
    if repository.xet and "xet" in asked.get("transfers", ()):
        return json_answer({"transfer": "xet", "objects": []})
    objects, transfer = [], "basic"
    for wanted in asked["objects"]:
        told: dict[str, Any] = {"oid": wanted["oid"], "size": wanted["size"]}
        if repository.stored(wanted["oid"]) is None:
            upload: dict[str, Any] = {"href": f"{lfs}/{wanted['oid']}"}
            if wanted["size"] > ONE_PART:
                transfer, href = "multipart", upload["href"]
                count = -(-wanted["size"] // ONE_PART)
                parts = {str(number): f"{href}/{number}" for number in range(1, count + 1)}
                upload = {
                    "href": f"{href}/complete",
                    "header": {"chunk_size": f"{ONE_PART}", **parts},
                }
            told["actions"] = {"upload": upload, "verify": {"href": f"{lfs}/verify"}}
        objects.append(told)
    return json_answer({"transfer": transfer, "objects": objects})


def xet_token(_: Request, repository: Repository, names: Names) -> Answer:
    repository.commit_of(names["revision"])
    if repository.xet is None:
        raise Refused(404, "this Hub does not speak xet")
    told = xet.token(repository.xet)
    access, expires, place = told.values()
    body = {"accessToken": access, "exp": int(expires), "casUrl": place}
    answer = json_answer(body)
    return answer._replace(headers=answer.headers | told)


def put(request: Request, repository: Repository, names: Names) -> Answer:
    repository.upload(names["sha256"], request.body)
    return json_answer({})


def put_part(request: Request, repository: Repository, names: Names) -> Answer:
    repository.parts[names["sha256"], int(names["part"])] = request.body
    return json_answer({}, ETag=f'"{names["part"]}"')


def complete(request: Request, repository: Repository, names: Names) -> Answer:
    numbers = [part["partNumber"] for part in request.json()["parts"]]
    parts = [repository.parts[names["sha256"], number] for number in numbers]
    repository.upload(names["sha256"], b"".join(parts))
    return json_answer({})


def verify(request: Request, repository: Repository, _: Names) -> Answer:
    told = request.json()
    stored = repository.stored(told["oid"])
    if stored is None or stored.stat().st_size != told["size"]:
        raise Refused(404, "no such object")
    return json_answer({})


def commit(request: Request, repository: Repository, names: Names) -> Answer:
    lines = [json.loads(line) for line in request.body.splitlines()]
    header = next(line["value"] for line in lines if line["key"] == "header")
    files = dict(repository.files(names["revision"]))
    for line in lines:
        _apply(line["key"], line["value"], files, repository)
    made = repository.commit(names["revision"], files, header.get("parentCommit"))
    url = f"{request.origin}/datasets/{repository.name}/commit/{made}"
    return json_answer({"success": True, "commitOid": made, "commitUrl": url})


def _apply(key: str, value: dict[str, Any], files: Files, repository: Repository) -> None:
    match key:
        case "file":
            files[value["path"]] = repository.keep(base64.b64decode(value["content"]))
        case "lfsFile":
            repository.take_from_xet(value["oid"], value["size"])
            stored = repository.stored(value["oid"])
            if stored is None:
                raise Refused(400, f"LFS pointer to a missing object: {value['path']}")
            files[value["path"]] = blob_of(stored)._replace(large=True)
        case "deletedFile":
            if files.pop(value["path"], None) is None:
                raise Refused(404, "A file with this name doesn't exist", "EntryNotFound")


def branch(request: Request, repository: Repository, names: Names) -> Answer:
    if names["revision"] in repository.branches:
        raise Refused(409, "Reference already exists")
    start = repository.commit_of(request.json().get("startingPoint", "main"))
    repository.branches[names["revision"]] = start
    return json_answer({})


def tag(request: Request, repository: Repository, names: Names) -> Answer:
    name = request.json()["tag"]
    if name in repository.tags:
        raise Refused(409, "Tag reference already exists")
    repository.tags[name] = repository.commit_of(names["revision"])
    return json_answer({})
