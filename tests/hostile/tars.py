"""Tar headers put together field by field: what no packer would write."""

import random

BLOCK = 512
END = bytes(2 * BLOCK)


def member(name: str | bytes, content: bytes = b"", kind: bytes = b"0", **fields: bytes) -> bytes:
    """A header of the ustar format with its contents; `fields` are put in as they are."""
    told = {
        "name": name if isinstance(name, bytes) else name.encode("utf-8", "surrogateescape"),
        "mode": b"0000644\0",
        "owner": b"0000000\0" * 2,
        "size": f"{len(content):011o}\0".encode(),
        "time": b"0" * 11 + b"\0",
        "sum": b" " * 8,
        "kind": kind,
        "link": b"",
        "magic": b"ustar\00000",
    } | fields
    widths = (100, 8, 16, 12, 12, 8, 1, 100, 255)
    header = b"".join(
        value.ljust(width, b"\0") for value, width in zip(told.values(), widths, strict=True)
    )
    if "sum" not in fields:
        header = header[:148] + f"{sum(header):06o}\0 ".encode() + header[156:]
    return header + content + bytes(-len(content) % BLOCK)


def noise(count: int) -> bytes:
    """The same noise each time."""
    return random.Random(1).randbytes(count)  # noqa: S311 - noise, not secrets


def records(*pairs: tuple[str, str]) -> bytes:
    """Contents of a pax header."""
    told = b""
    for key, value in pairs:
        body = f" {key}={value}\n".encode("utf-8", "surrogateescape")
        length = len(body) + len(str(len(body)))
        length += len(str(length)) > len(str(len(body)))
        told += str(length).encode() + body
    return told


def pax(*pairs: tuple[str, str], kind: bytes = b"x") -> bytes:
    return member("././@PaxHeader", records(*pairs), kind)
