"""Links and pictures of the documentation lead to files, and fragments to headings.

A heading's fragment is GitHub's: lower case, without what is neither letter, digit, underscore,
space nor hyphen, hyphens for spaces; a heading that occurs again gets ``-1``, ``-2`` ...
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]

FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,}).*?^ {0,3}\1[`~]*[ \t]*$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
LINKS = (
    re.compile(r"\]\(\s*(?:<([^>]*)>|([^\s)]*))(?:\s+[\"'(].*?)?\s*\)", re.DOTALL),
    re.compile(r"^ {0,3}\[[^\]]+\]:\s*(?:<([^>]*)>|(\S+))", re.MULTILINE),
    re.compile(r"<(?:a|img)\b[^>]*?\b(?:href|src)=(?:\"([^\"]*)\"|'([^']*)')", re.DOTALL),
)
ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")
LINES = re.compile(r"L\d+(?:-L\d+)?")


def targets(text: str) -> Iterator[str]:
    """Yield what the links and pictures of a page lead to, code left out."""
    prose = CODE.sub("", FENCE.sub("", text))
    for link in LINKS:
        yield from (one or other for one, other in link.findall(prose))


def slugs(text: str) -> set[str]:
    """Return the fragments of a page's headings."""
    found: dict[str, int] = {}
    made: set[str] = set()
    for title in re.findall(r"^ {0,3}#{1,6}[ \t]+(.*?)[ \t#]*$", FENCE.sub("", text), re.MULTILINE):
        shown = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", title)
        slug = re.sub(r"[^\w\- ]", "", shown.lower()).replace(" ", "-")
        n = found.get(slug, 0)
        found[slug] = n + 1
        made.add(f"{slug}-{n}" if n else slug)
    return made


def broken(page: Path, root: Path) -> list[str]:
    """Return the links of a page that lead nowhere in the repository at `root`."""
    found = []
    for target in targets(page.read_text("utf-8")):
        if ELSEWHERE.match(target):
            continue
        path, _, fragment = unquote(target).partition("#")
        start = root if path.startswith("/") else page.parent
        file = (start / path.lstrip("/")).resolve() if path else page
        if not (file.exists() and file.is_relative_to(root.resolve())):
            found.append(f"{target}: no such file")
        elif fragment and not leads_to(file, fragment):
            found.append(f"{target}: no such heading")
    return found


def leads_to(file: Path, fragment: str) -> bool:
    """Whether a fragment is a heading of a page, or lines of any other file."""
    if file.suffix != ".md":
        return LINES.fullmatch(fragment) is not None
    return fragment in slugs(file.read_text("utf-8"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_and_pictures_lead_somewhere(page: Path) -> None:
    assert broken(page, ROOT) == []


def test_pages_have_links_and_the_readme_a_picture() -> None:
    readme = list(targets((ROOT / "README.md").read_text("utf-8")))
    assert any(target.endswith(".png") for target in readme)
    assert sum(1 for page in PAGES for _ in targets(page.read_text("utf-8"))) > 30


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A small repository: a page in a folder, a second page and a picture."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a b.png").write_bytes(b"picture")
    (tmp_path / "docs" / "two.md").write_text(
        "# Two\n\n## Same\n\n## Same\n\n```sh\n# no heading\n```\n", "utf-8"
    )
    (tmp_path / "code.py").write_text("x = 1\n", "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "link",
    [
        "[a](two.md)", "[a](<two.md>)", '[a](two.md "title")', "[a](two.md#two)",
        "[a](two.md#same-1)", "[a](#the-page)", "[a](/docs/two.md)", "[a](../docs)",
        "![a](a%20b.png)", "[a](<a b.png>)", "[a]: two.md", '<img src="a b.png">',
        "[a](../code.py#L1)", "[a](https://example.org/no.md#no)", "[a](mailto:a@example.org)",
        "`[a](no.md)`", "```\n[a](no.md)\n```", "~~~md\n[a](no.md)\n~~~",
    ],
)  # fmt: skip
def test_good_link_passes(book: Path, link: str) -> None:
    page = book / "docs" / "one.md"
    page.write_text(f"# The page\n\n{link}\n", "utf-8")
    assert broken(page, book) == []


@pytest.mark.parametrize(
    ("link", "what"),
    [
        ("[a](no.md)", "no such file"),
        ("![a](no.png)", "no such file"),
        ("[two\nlines](no.md)", "no such file"),
        ("[![a](a%20b.png)](no.md)", "no such file"),
        ("[a]: no.md", "no such file"),
        ('<img width="3" src="no.png">', "no such file"),
        ("[a](Two.md)", "no such file"),
        ("[a](../../outside.md)", "no such file"),
        ("[a](two.md#three)", "no such heading"),
        ("[a](two.md#same-2)", "no such heading"),
        ("[a](two.md#no-heading)", "no such heading"),
        ("[a](#two)", "no such heading"),
        ("[a](../code.py#x)", "no such heading"),
        ("`code` [a](no.md) `code`", "no such file"),
    ],
)
def test_bad_link_is_found(book: Path, link: str, what: str) -> None:
    page = book / "docs" / "one.md"
    page.write_text(f"# The page\n\n{link}\n", "utf-8")
    (book.parent / "outside.md").write_text("outside the repository", "utf-8")
    (found,) = broken(page, book)
    assert found.endswith(what)


@pytest.mark.parametrize(
    ("heading", "slug"),
    [
        ("# OEE and its losses", "oee-and-its-losses"),
        ("## Is it valid?", "is-it-valid"),
        ("### `run.json`", "runjson"),
        ("## Lost units, and what the plant loses", "lost-units-and-what-the-plant-loses"),
        ("## Where numbers come from: `source`", "where-numbers-come-from-source"),
        ("## C & D -- a_b", "c--d----a_b"),
        ("## [Linked](two.md) ##", "linked"),
        ("## Überblick 2", "überblick-2"),
    ],
)
def test_slugs_are_those_of_github(heading: str, slug: str) -> None:
    assert slugs(f"{heading}\n") == {slug}
