"""A tiny raw folder of fashion, written with plain code; nothing in it is at fault.

Item f has no picture, item g no caption. A test breaks one thing in it.
"""

import io
import json
import tarfile
from collections.abc import Mapping
from pathlib import Path

from PIL import Image

ITEMS = """\
item_id,cate_id,title,desc,pic_url
a1,c1,"连衣裙★【新款】,宽松",soft,//img.example.com/a.jpg
b2,c1,T恤｜夏季,,//img.example.com/b.jpg
c3,c2,[包] bag,,
d4,c2,hat,,
e5,c3,shoe,,
f6,c3,scarf,,
g7,c3,belt,,
"""
OUTFITS = """\
outfit_id,item_ids
o1,a1;c3;e5
o2,b2;d4;f6
o3,f6;g7;a1
"""
USERS = """\
user_id,item_history,outfit_history
u1,g7;b2,o1
u2,a1;b2;c3;d4;e5;f6,o1
u1,d4;f6;b2,o1;o3
u3,f6,o2
u4,a1,
"""
HEADLESS = {
    "item_data.csv": """\
a1,c1,//img.example.com/a.jpg,连衣裙★【新款】,宽松
b2,c1,//img.example.com/b.jpg,T恤｜夏季
c3,c2,,[包] bag
d4,c2,,hat
e5,c3,,shoe
f6,c3,,scarf
g7,c3,,belt
""",
    "outfit_data.csv": "o1,a1;c3;e5\no2,b2;d4;f6\no3,f6;g7;a1\n",
    "user_data.csv": "u1,g7;b2,o1\nu2,a1;b2;c3;d4;e5;f6,o1\nu1,d4;f6;b2,o3\nu3,f6,o2\nu4,a1,\n",
}
TEXTS = {"item_data.csv": ITEMS, "outfit_data.csv": OUTFITS, "user_data.csv": USERS}
ITEM_IDS = ("a1", "b2", "c3", "d4", "e5", "f6", "g7")
CAPTIONS = {
    item_id: f"what is seen on {item_id}" for item_id in ("a1", "b2", "c3", "d4", "e5", "f6")
}
STYLE_CAPTIONS = {item_id: [f"what is liked in {item_id}", "calm "] for item_id in ITEM_IDS}


def picture(seed: int, kind: str = "JPEG", mode: str = "RGB") -> bytes:
    file = io.BytesIO()
    image = Image.new("RGB", (8 + seed, 9), (seed * 20, 80, 120)).convert(mode)
    if mode == "RGBA":
        image.putalpha(100)
    image.save(file, kind)
    return file.getvalue()


PICTURES = {
    "images/a1.jpg": picture(1),
    "images/b2.JPG": picture(2),
    "images/tops/c3.png": picture(3, "PNG", "P"),
    "d4.jpeg": picture(4, "JPEG", "L"),
    "images/e5.webp": picture(5, "WEBP", "RGBA"),
    "images/g7.GIF": picture(6, "GIF", "P"),
}


def write_raw(raw: Path, texts: Mapping[str, str] = TEXTS) -> Path:
    """Write `raw`/pog_dataset; answers with `raw`, which commands take."""
    folder = raw / "pog_dataset"
    folder.mkdir(parents=True)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "captions.json").write_text(json.dumps(CAPTIONS), encoding="utf-8")
    write_archive(raw, PICTURES)
    return raw


def write_style_captions(raw: Path, captions: Mapping[str, object] = STYLE_CAPTIONS) -> Path:
    """Put the file there, which may be absent."""
    path = raw / "pog_dataset" / "style_captions.json"
    path.write_text(json.dumps(captions), encoding="utf-8")
    return path


def write_archive(raw: Path, members: Mapping[str, bytes | tarfile.TarInfo]) -> Path:
    """Put another archive in place; a member without bytes is given as its header."""
    path = raw / "pog_dataset" / "images.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for name, content in members.items():
            if isinstance(content, tarfile.TarInfo):
                archive.addfile(content)
                continue
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


def edit(raw: Path, name: str, old: str, new: str) -> None:
    """Replace the only `old` in a text file."""
    path = raw / "pog_dataset" / name
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{name} holds {old!r} {text.count(old)} times"
    path.write_text(text.replace(old, new), encoding="utf-8")
