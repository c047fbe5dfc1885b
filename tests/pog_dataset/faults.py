"""Raw folders of fashion with one fault each."""

import tarfile
from collections.abc import Callable
from pathlib import Path

from tests.faults import Fault
from tests.pog_dataset.raw_folder import (
    HEADLESS,
    PICTURES,
    STYLE_CAPTIONS,
    edit,
    picture,
    write_archive,
    write_style_captions,
)


def link(name: str, target: str, kind: bytes = tarfile.SYMTYPE) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, target
    return member


def links(raw: Path) -> None:
    soft, hard = link("images/f6.jpg", "/etc/passwd"), link("x/f6.jpg", "d4.jpeg", tarfile.LNKTYPE)
    write_archive(raw, {**PICTURES, "soft": soft, "hard": hard})


def truncated(raw: Path) -> None:
    path = raw / "pog_dataset" / "images.tar.gz"
    path.write_bytes(path.read_bytes()[:-40])


def headless_line_short(raw: Path) -> None:
    text = HEADLESS["item_data.csv"].replace("b2,c1,//img.example.com/b.jpg,", "b2,c1,")
    (raw / "pog_dataset" / "item_data.csv").write_text(text, encoding="utf-8")


def windows_lines(raw: Path) -> None:
    """As spreadsheets write them: a byte order mark, CRLF, blank lines."""
    for name in TABLES:
        path = raw / "pog_dataset" / name
        text = path.read_text(encoding="utf-8").replace("\n", "\r\n") + "\r\n"
        path.write_bytes(b"\xef\xbb\xbf" + text.encode())


def in_gb18030(raw: Path) -> None:
    for name in (*TABLES, "captions.json"):
        path = raw / "pog_dataset" / name
        path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))


def without_last_line_end(raw: Path) -> None:
    path = raw / "pog_dataset" / "user_data.csv"
    path.write_bytes(path.read_bytes().rstrip(b"\n"))


def odd_keys(raw: Path) -> None:
    keys = '"\\ud83d": "half a character", "\\u001b[31m": "red", "a\\nb": "two lines", '
    edit(raw, "captions.json", '{"a1"', f'{{{keys}"a1"')


def outfit_of_too_many_items(raw: Path) -> None:
    more = [f"z{number}" for number in range(101)]
    edit(raw, "item_data.csv", "d4,c2", "".join(f"{item},c1,more,,\n" for item in more) + "d4,c2")
    edit(raw, "outfit_data.csv", "b2;d4;f6", ";".join(more))


def holding(name: str, content: bytes) -> Callable[[Path], object]:
    return lambda raw: (raw / "pog_dataset" / name).write_bytes(content)


def headless_cut_off(raw: Path) -> None:
    text = HEADLESS["user_data.csv"].replace("u4,a1,\n", "u4,a1;b")
    (raw / "pog_dataset" / "user_data.csv").write_text(text, encoding="utf-8")


def removed(name: str) -> Callable[[Path], object]:
    return lambda raw: (raw / "pog_dataset" / name).unlink()


def edited(name: str, old: str, new: str) -> Callable[[Path], object]:
    return lambda raw: edit(raw, name, old, new)


def archived(**members: bytes) -> Callable[[Path], object]:
    names = {name.replace("__", "/").replace("_dot_", "."): data for name, data in members.items()}
    return lambda raw: write_archive(raw, {**PICTURES, **names})


def styled(**others: object) -> Callable[[Path], object]:
    """Style captions of all items, some of them others."""
    return lambda raw: write_style_captions(raw, {**STYLE_CAPTIONS, **others})


def style_captions_of_few(raw: Path) -> None:
    write_style_captions(raw, {"b2": "calm", "d4": "plain"})


def style_captions_cut_off(raw: Path) -> None:
    path = write_style_captions(raw)
    path.write_bytes(path.read_bytes()[:-4])


def style_captions_that_are_a_broken_link(raw: Path) -> None:
    (raw / "pog_dataset" / "style_captions.json").symlink_to("nowhere.json")


PAGE = b"<!DOCTYPE html>\n<html><body>Sign in</body></html>\n"
ITEM_HEADER = "item_id,cate_id,title,desc,pic_url"
TABLES = ("item_data.csv", "outfit_data.csv", "user_data.csv")
FILES = (*TABLES, "captions.json", "images.tar.gz")

FAULTS = (
    Fault("nothing_wrong", 0, lambda _: None),
    *(Fault(f"missing_{name}", 1, removed(name)) for name in FILES),
    *(Fault(f"empty_{name}", 1, holding(name, b"")) for name in FILES),
    *(Fault(f"page_{name}", 1, holding(name, PAGE)) for name in FILES),
    Fault("windows_lines", 0, windows_lines),
    Fault("without_last_line_end", 1, without_last_line_end),
    Fault("in_gb18030", 1, in_gb18030),
    Fault("in_gb18030_asked_for", 0, in_gb18030, ("--encoding", "gb18030")),
    Fault("in_latin_1_asked_for", 0, lambda _: None, ("--encoding", "latin-1")),
    Fault("items_twice", 1, edited("item_data.csv", "c3,c2,[包]", "b2,c2,[包]")),
    Fault("item_without_id", 1, edited("item_data.csv", "d4,c2", ",c2")),
    Fault("id_with_spaces", 0, edited("item_data.csv", "d4,c2", " d4,c2")),
    Fault("column_missing", 1, edited("outfit_data.csv", "outfit_id,item_ids", "outfit_id,items")),
    Fault("columns_in_capitals", 1, edited("item_data.csv", ITEM_HEADER, ITEM_HEADER.upper())),
    Fault("columns_of_other_names", 1, edited("item_data.csv", ITEM_HEADER, "id,kind,url,name")),
    Fault("header_below_a_blank_line", 0, edited("item_data.csv", "item_id,", "\nitem_id,")),
    Fault("headless_line_short", 1, headless_line_short),
    Fault("headless_cut_off", 1, headless_cut_off),
    Fault("outfit_of_unknown_item", 1, edited("outfit_data.csv", "b2;d4;f6", "b2;zz;f6")),
    Fault("outfit_without_items", 1, edited("outfit_data.csv", "b2;d4;f6", "")),
    Fault("outfit_of_too_many_items", 1, outfit_of_too_many_items),
    Fault("outfit_with_empty_element", 0, edited("outfit_data.csv", "b2;d4;f6", "b2;;d4;f6")),
    Fault("outfit_with_an_item_twice", 0, edited("outfit_data.csv", "b2;d4;f6", "b2;d4;b2")),
    Fault("outfit_without_pictures", 0, edited("outfit_data.csv", "b2;d4;f6", "f6")),
    Fault("click_on_unknown_items", 1, edited("user_data.csv", "u3,f6", "u3,xx;f6;yy")),
    Fault("choice_of_unknown_outfit", 1, edited("user_data.csv", "u3,f6,o2", "u3,f6,o9")),
    Fault("captions_of_unknown_items", 0, edited("captions.json", '"f6"', '"zz"')),
    Fault("captions_of_odd_keys", 0, odd_keys),
    Fault("ids_that_are_no_words", 1, edited("item_data.csv", "d4,c2", "d\x1b[31m4,c2")),
    Fault("captions_empty", 0, edited("captions.json", "what is seen on f6", " ")),
    Fault("captions_of_other_types", 1, edited("captions.json", '"what is seen on f6"', "7")),
    Fault("captions_cut_off", 1, edited("captions.json", 'on f6"}', "on f")),
    Fault("style_captions", 0, write_style_captions),
    Fault("style_captions_of_few", 0, style_captions_of_few),
    Fault("style_captions_of_none", 0, holding("style_captions.json", b"{}")),
    Fault("style_captions_of_unknown_items", 0, styled(zz="calm")),
    Fault("style_captions_empty", 0, styled(a1=" ", b2=[])),
    Fault("style_captions_of_other_types", 1, styled(a1=7, b2=["calm", None])),
    Fault("style_captions_cut_off", 1, style_captions_cut_off),
    Fault("style_captions_a_page", 1, holding("style_captions.json", PAGE)),
    Fault("style_captions_a_broken_link", 1, style_captions_that_are_a_broken_link),
    Fault("two_pictures_of_one_item", 1, archived(tops__d4_dot_png=picture(7, "PNG"))),
    Fault("picture_of_unknown_item", 0, archived(images__zz_dot_jpg=picture(7))),
    Fault("member_of_another_kind", 0, archived(readme_dot_txt=b"read me")),
    Fault("member_that_is_no_picture", 1, archived(images__f6_dot_jpg=b"<html>not found</html>")),
    Fault("picture_cut_off", 1, archived(images__f6_dot_jpg=picture(7)[:-60])),
    Fault("member_that_leads_out", 1, archived(**{"..__..__f6_dot_jpg": picture(7)})),
    Fault("member_of_absolute_path", 1, archived(__tmp__f6_dot_jpg=picture(7))),
    Fault("nobody_left", 1, lambda raw: write_archive(raw, {"a1.jpg": picture(1)})),
    Fault("links", 1, links),
    Fault("truncated_archive", 1, truncated),
)  # fmt: skip
