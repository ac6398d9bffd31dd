"""A page as its parser sees it: elements, attributes, links and text."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = {"meta", "link", "input", "br", "rect", "path", "circle", "img"}


class Page(HTMLParser):
    """``elements``: (tag, attributes); ``scripts``: texts of scripts that run; ``words``: what can be read, on one line."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements, self.scripts, self.texts = list[tuple[str, dict[str, str | None]]](), list[str](), list[str]()
        self.open = list[str]()
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "script":
            if self.elements[-1][1].get("type") != "application/json" and data.strip():
                self.scripts.append(data)
        elif data.strip():
            self.texts.append(data)

    @property
    def words(self) -> str:
        return " ".join("".join(self.texts).split())

    def links(self) -> list[str]:
        return [a["href"] or "" for tag, a in self.elements if tag == "a" and "href" in a]

    def sources(self) -> list[str]:
        """Whatever a browser would fetch for the page."""
        return [v or "" for tag, a in self.elements for k, v in a.items() if k == "src" or (tag == "link" and k == "href")]
