"""Archives: every sound member as it came, every other one named, nothing outside the spool."""

import gzip
import io
import os
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmg.problems import BadData, Problems, Severity
from pmg.raw import tarballs
from pmg.raw.archives import Spool, spool
from pmg.raw.scratch import Scratch

SOUND = {"a.jpg": b"first", "folder/b.png": bytes(range(256)) * 50, "folder/deep/c.gif": b"x"}


def plain_tar(members: Mapping[str, bytes], *odd: tarfile.TarInfo) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as tar:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
        for info in odd:
            tar.addfile(info)
    return file.getvalue()


def odd_member(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def spooled(path: Path) -> tuple[Spool, list[str]]:
    problems = Problems()
    read = spool(path, "the pictures", Scratch(path.parent / "scratch"), problems)
    return read, list(problems.sentences(99))


def contents(read: Spool) -> dict[str, bytes]:
    return {name: read.read(number).data for number, name in enumerate(read.names())}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "raw" / "pog_dataset"
    folder.mkdir(parents=True)
    return folder / "images.tar.gz"


def test_members_come_as_they_are(path: Path) -> None:
    path.write_bytes(gzip.compress(plain_tar(SOUND)))
    read, said = spooled(path)
    assert contents(read) == SOUND
    assert said == []


@given(
    st.dictionaries(
        st.from_regex(r"[a-z]{1,120}(/[a-zé]{1,120}){0,2}", fullmatch=True),
        st.binary(min_size=1, max_size=2000),
        min_size=1,
        max_size=8,
    )
)
def test_any_names_and_bytes_come_back(
    tmp_path_factory: pytest.TempPathFactory, members: dict[str, bytes]
) -> None:
    path = tmp_path_factory.mktemp("any") / "images.tar.gz"
    path.write_bytes(gzip.compress(plain_tar(members), 1))
    assert contents(spooled(path)[0]) == members


@pytest.mark.parametrize(
    ("member", "found"),
    [
        (odd_member("x.jpg", tarfile.SYMTYPE, "/etc/passwd"), "a link to '/etc/passwd'"),
        (odd_member("x.jpg", tarfile.LNKTYPE, "a.jpg"), "a link to 'a.jpg'"),
        (odd_member("x.jpg", tarfile.FIFOTYPE), "a device, a pipe, or a file with holes"),
        (odd_member("x.jpg", tarfile.CHRTYPE), "a device, a pipe, or a file with holes"),
        (odd_member("/x.jpg", tarfile.REGTYPE), "expected a name that stays in its folder"),
        (odd_member("../x.jpg", tarfile.REGTYPE), "expected a name that stays in its folder"),
        (odd_member("a\\x.jpg", tarfile.REGTYPE), "expected a name that stays in its folder"),
        (odd_member("x.jpg", tarfile.REGTYPE), "an empty file"),
    ],
    ids=["link", "hard-link", "pipe", "device", "absolute", "leads-out", "backslash", "empty"],
)
def test_other_members_are_named_and_left_out(
    path: Path, member: tarfile.TarInfo, found: str
) -> None:
    path.write_bytes(gzip.compress(plain_tar(SOUND, member)))
    read, (sentence,) = spooled(path)
    assert contents(read) == SOUND
    assert found in sentence
    assert repr(member.name) in sentence
    assert sentence.startswith("error: pog_dataset/images.tar.gz, member ")
    outside = list(path.parents[1].rglob("*.jpg"))
    assert outside == []


def test_folders_and_litter_are_no_errors(path: Path) -> None:
    litter = {"__MACOSX/._a.jpg": b"x", "._a.jpg": b"x", "folder/.DS_Store": b"x"}
    tar = plain_tar(SOUND | litter, odd_member("folder", tarfile.DIRTYPE))
    path.write_bytes(gzip.compress(tar))
    read, said = spooled(path)
    assert contents(read) == SOUND
    assert [sentence.partition(":")[0] for sentence in said] == ["note"]


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.999])
def test_a_truncated_archive_is_told_and_whole_members_stay(path: Path, share: float) -> None:
    members = {f"{number}.jpg": os.urandom(20_000) for number in range(20)}
    packed = gzip.compress(plain_tar(members))
    path.write_bytes(packed[: int(len(packed) * share)])
    read, (sentence,) = spooled(path)
    assert "expected a whole .tar.gz file, found a file that was cut off" in sentence
    kept = contents(read)
    assert kept.items() <= members.items()
    assert len(kept) >= int(20 * share) - 2


def test_a_wrong_checksum_is_told(path: Path) -> None:
    packed = bytearray(gzip.compress(plain_tar(SOUND)))
    packed[-6] ^= 1
    path.write_bytes(bytes(packed))
    _, (sentence,) = spooled(path)
    assert "expected a whole .tar.gz file" in sentence


def zipped() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.jpg", b"x")
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (plain_tar(SOUND), "no gzip file"),
        (zipped(), "no gzip file"),
        (b"", "an empty file"),
        (b"<!doctype html><html>", "an HTML page"),
    ],
    ids=["tar", "zip", "empty", "page"],
)
def test_what_is_no_archive_is_refused(path: Path, content: bytes, found: str) -> None:
    path.write_bytes(content)
    with pytest.raises(BadData, match=f"expected the pictures, a .tar.gz file, found {found}"):
        spooled(path)


def test_gzip_of_something_else_is_told(path: Path) -> None:
    path.write_bytes(gzip.compress(b"no tar at all" * 100))
    read, (sentence,) = spooled(path)
    assert list(read.names()) == []
    assert "expected a whole .tar.gz file" in sentence


def test_a_bomb_is_stopped(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tarballs, "RATIO_FROM", 1 << 20)
    members = {f"{number}.jpg": bytes(1 << 20) for number in range(8)}
    path.write_bytes(gzip.compress(plain_tar(members)))
    read, (sentence,) = spooled(path)
    assert "expected at most 200 times the packed size unpacked, found more" in sentence
    assert len(list(read.names())) < 8


def test_an_archive_is_read_once(path: Path) -> None:
    path.write_bytes(gzip.compress(plain_tar(SOUND, odd_member("../x.jpg", tarfile.REGTYPE))))
    first, said = spooled(path)
    status = path.stat()
    path.write_bytes(b"\x1f\x8b" + bytes(status.st_size - 2))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert spooled(path) == (first, said)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1))
    problems = Problems()
    spool(path, "the pictures", Scratch(path.parent / "scratch"), problems)
    assert problems.count(Severity.ERROR) == 1


def test_what_a_killed_run_left_is_not_taken_for_a_spool(path: Path) -> None:
    path.write_bytes(gzip.compress(plain_tar(SOUND)))
    read, _ = spooled(path)
    index = read.path.with_suffix(".json")
    index.unlink()
    read.path.write_bytes(b"half")
    assert contents(spooled(path)[0]) == SOUND
    assert not list(read.path.parent.glob("*.part"))


def test_a_spool_that_somebody_removed_is_written_again(path: Path) -> None:
    path.write_bytes(gzip.compress(plain_tar(SOUND)))
    spooled(path)[0].path.unlink()
    assert contents(spooled(path)[0]) == SOUND


def test_a_broken_header_is_no_end(path: Path) -> None:
    """Python's tarfile stops there without a word, and the members behind it would be lost."""
    packed = bytearray(plain_tar(SOUND))
    packed[packed.index(b"folder/b.png")] ^= 1
    path.write_bytes(gzip.compress(bytes(packed)))
    read, (sentence,) = spooled(path)
    assert contents(read) == {"a.jpg": b"first"}
    assert "after member 1: expected a whole .tar.gz file, found 'bad checksum'" in sentence


def test_an_archive_without_its_end_mark_is_told(path: Path) -> None:
    packed = plain_tar(SOUND)
    last = packed.rindex(b"x\0")
    path.write_bytes(gzip.compress(packed[: last + 512]))
    read, (sentence,) = spooled(path)
    assert contents(read) == SOUND
    assert "after member 3: expected a whole .tar.gz file, found 'empty header'" in sentence


@pytest.mark.parametrize("behind", [b"junk", plain_tar({"z.jpg": b"z"})], ids=["junk", "archive"])
def test_what_stands_behind_the_end_is_told(path: Path, behind: bytes) -> None:
    path.write_bytes(gzip.compress(plain_tar(SOUND)) + gzip.compress(behind))
    read, (sentence,) = spooled(path)
    assert contents(read) == SOUND
    assert "expected nothing behind the end of the archive, found further bytes" in sentence


@pytest.mark.parametrize("kind", [tarfile.GNUTYPE_LONGNAME, tarfile.XHDTYPE])
def test_headers_of_headers_end(path: Path, kind: bytes) -> None:
    header = odd_member("././@LongLink", kind)
    header.size = 10
    chain = (header.tobuf(tarfile.GNU_FORMAT) + b"18 comment".ljust(512, b"\0")) * 3_000
    path.write_bytes(gzip.compress(chain + plain_tar(SOUND)))
    read, (sentence,) = spooled(path)
    assert list(read.names()) == []
    assert "expected a whole .tar.gz file, found " in sentence


def test_a_header_is_not_read_where_it_is_huge(path: Path) -> None:
    header = odd_member("././@LongLink", tarfile.GNUTYPE_LONGNAME)
    header.size = 1_500_000_000
    path.write_bytes(gzip.compress(header.tobuf(tarfile.GNU_FORMAT) + bytes(10_000)))
    _, (sentence,) = spooled(path)
    assert "found 'a header of 1,500,000,000 bytes'" in sentence
