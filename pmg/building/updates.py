"""Updates: what of a built folder stays as it is, and what is to be built again."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from pmg.building.jobs import Request
from pmg.domain import Domain
from pmg.inputs import Inputs
from pmg.manifest import BuiltDomain, Manifest
from pmg.problems import BadCall
from pmg.protocols.protocol import Protocol, read_protocol
from pmg.whole_files import MANIFEST, WrittenFile, is_as_described


class Update(NamedTuple):
    """What there is to do for a folder to be as it was asked for."""

    stale: list[Domain[Any]]  # domains to be built
    needed: bool  # False where there is nothing at all to do


def compare(
    request: Request, inputs: Callable[[Domain[Any]], Inputs], earlier: Manifest | None
) -> Update:
    """What OUT lacks; `inputs` are asked for where it is there.

    Raises:
        BadCall: OUT was built from something else, or is not as it was built, and is not to be
            updated; or what is wrong with it lies in a domain that is not to be built.
    """
    if earlier is None:
        return Update(list(request.domains), needed=True)
    refuse_unknown(request, earlier)
    damaged = [file for file in earlier.files if not has_its_size(request.out, file)]
    stale = [
        domain
        for domain in request.domains
        if (held := earlier.domains.get(domain.name)) is None
        or held.inputs.key != inputs(domain).key
        or held.is_partly_attached
        or not holds(held, request.protocol)
        or any(file in damaged for file in held.files)
    ]
    kept = earlier.domains.keys() - {domain.name for domain in stale}
    refuse_damage(request, damaged, [file for name in kept for file in earlier.domains[name].files])
    needed = bool(stale or damaged) or earlier.data_version != request.data_version
    if needed and not request.update:
        raise BadCall(
            f"{request.out}: expected the same raw files and settings as it was built from, found "
            "others. Build with --update, or name another OUT."
        )
    if needed:
        refuse_strangers(request, earlier)
    return Update(stale, needed)


def holds(held: BuiltDomain, protocol: Protocol | None) -> bool:
    """Whether a built domain has the samples of that protocol, as it is written."""
    cut = [config.terms.protocol for config in held.configs.values() if config.terms]
    return protocol is None or str(protocol) in cut


def protocols_of(
    domain: Domain[Any], held: BuiltDomain | None, asked: Protocol | None
) -> list[Protocol]:
    """The protocols that samples are cut by: those that OUT holds, and the one asked for.

    Raises:
        BadCall: OUT holds a protocol that this version does not know.
    """
    own = {table.folder for table in domain.tables}
    protocols = {}
    for config in held.configs.values() if held else ():
        if config.terms and config.folder not in own:
            protocols[config.folder] = read_protocol(config.terms.protocol)
    if asked:
        protocols[asked.name] = asked
    return list(protocols.values())


def refuse_unknown(request: Request, earlier: Manifest) -> None:
    """Raise BadCall where OUT holds a domain that nobody can write the card of."""
    known = {domain.name for domain in request.in_out({*earlier.domains})}
    if unknown := earlier.domains.keys() - known:
        raise BadCall(
            f"{request.out}: expected domains of this version, found {min(unknown)}. "
            "Name another OUT."
        )


def refuse_damage(request: Request, damaged: list[WrittenFile], kept: list[WrittenFile]) -> None:
    """Raise BadCall where a damaged file would stay."""
    for file in damaged:
        if not request.update or file in kept:
            raise damage(request.out, file)


def refuse_damaged(out: Path, file: WrittenFile) -> None:
    """Raise BadCall where a file that is to stay has other bytes than it had."""
    if not is_as_described(file, out):
        raise damage(out, file)


def damage(out: Path, file: WrittenFile) -> BadCall:
    return BadCall(
        f"{out / file.path}: expected the file that was built, found it damaged. "
        "Remove it, and build its domain with --update."
    )


def refuse_strangers(request: Request, earlier: Manifest) -> None:
    """Raise BadCall where OUT, which is to be replaced, holds what nobody built."""
    built = {MANIFEST, *(file.path for file in earlier.files)}
    for path in sorted(request.out.rglob("*")):
        if not path.is_dir() and path.relative_to(request.out).as_posix() not in built:
            raise BadCall(
                f"{path}: expected nothing beside what was built, found another file. "
                "Move it away, or name another OUT."
            )


def has_its_size(out: Path, file: WrittenFile) -> bool:
    """Whether a file has the size it had: its sum would take as long as a copy."""
    path = out / file.path
    return path.is_file() and path.stat().st_size == file.bytes
