"""Reading C++ sources without a compiler: finding files, blanking comments and literals, cutting into tokens.

Shared by the checks of this folder. Nothing here knows a rule.
"""
import pathlib
import re
import sys

CPP = {".cpp", ".hpp", ".h", ".c", ".cc"}
FOLDERS = ("lib", "apps", "examples", "test", "bench", "firmware")
SKIPPED = {"build", "corpus", "node_modules", ".git", "__pycache__"}

LITERAL = re.compile(
    r"""//(?:\\\n|[^\n])*                                      # a comment to the end of the line
      | /\*.*?\*/                                              # a comment in brackets
      | (?:\b(?:u8|[uUL])?R)"(?P<mark>[^\s()\\]{0,16})\(.*?\)(?P=mark)"   # a raw string
      | "(?:\\.|[^"\\\n])*"                                    # a string
      | (?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+'                    # a character, and not a digit separator
    """,
    re.VERBOSE | re.DOTALL,
)
DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n\\]|\\.|\\\n)*", re.MULTILINE | re.DOTALL)
TOKEN = re.compile(r"[A-Za-z_]\w*|\d[\w.']*|::|->|\+\+|--|<=>|[<>=!]=|&&|\|\||\S")


def files(root, folders=FOLDERS, suffixes=CPP):
    """Every source below the `folders` of `root`, in a stable order, as paths relative to `root`."""
    root = pathlib.Path(root)
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            relative = path.relative_to(root)
            if path.suffix in suffixes and path.is_file() and not SKIPPED & set(relative.parts):
                yield relative


def read(root, path):
    return (pathlib.Path(root) / path).read_text(encoding="utf-8", errors="replace")


def _blank(match):
    text = match.group()
    if text.startswith("/"):
        return re.sub(r"[^\n]", " ", text)
    return text[0] + re.sub(r"[^\n]", "_", text[1:-1]) + text[-1]


def without_comments(text):
    """The same text, of the same length, with comments blank and literals untouched."""
    return LITERAL.sub(lambda m: _blank(m) if m.group().startswith("/") else m.group(), text)


def code_only(text):
    """The same text, of the same length, with comments, preprocessor lines and the insides of literals gone."""
    text = LITERAL.sub(_blank, text)
    return DIRECTIVE.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)


class Tokens:
    """The tokens of a file: `text[i]`, `line[i]`, and `pair[i]`, the partner of each bracket."""

    def __init__(self, source):
        self.text, self.line, self.pair = [], [], {}
        line, at = 1, 0
        code = re.sub(r'"[^"\n]*"|\'_+\'', lambda m: "0" + " " * (len(m.group()) - 1), code_only(source))
        for match in TOKEN.finditer(code):
            line += code.count("\n", at, match.start())
            at = match.start()
            self.text.append(match.group())
            self.line.append(line)
        self._match_brackets()

    def _match_brackets(self):
        opened = []
        for i, token in enumerate(self.text):
            if token in ("(", "[", "{"):
                opened.append(i)
            elif token in (")", "]", "}") and opened:
                start = opened.pop()
                self.pair[start], self.pair[i] = i, start


def complain(check, findings):
    """Prints the findings, one per line, and returns the exit code."""
    for finding in findings:
        print(finding)
    if findings:
        print(f"{check}: {len(findings)} to mend", file=sys.stderr)
    return 1 if findings else 0
