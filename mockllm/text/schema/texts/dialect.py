"""Regular expressions as JavaScript writes them → as Python's parser reads them, to write a text by. Pure.

A property of Unicode (`\\p{Lu}`, ECMA-262, 22.2.2.9) becomes a few characters that have it: what is
written has to match, not to show all that could.
"""

import re

_LETTERS = "a-zA-Z"
_MEMBERS = {
    **dict.fromkeys(("L", "Letter", "Alphabetic", "Alpha", "ID_Start", "IDS", "Latin", "Latn"), _LETTERS),
    **dict.fromkeys(("Lu", "Uppercase_Letter", "Uppercase", "Upper"), "A-Z"),
    **dict.fromkeys(("Ll", "Lowercase_Letter", "Lowercase", "Lower"), "a-z"),
    **dict.fromkeys(("Lo", "Other_Letter", "Hebrew", "Hebr"), "א-ת"),
    **dict.fromkeys(("N", "Number", "Nd", "Decimal_Number", "digit"), "0-9"),
    **dict.fromkeys(("Nl", "Letter_Number"), "Ⅰ-Ⅻ"),
    **dict.fromkeys(("No", "Other_Number"), "²³¹"),
    **dict.fromkeys(("P", "Punctuation", "punct", "Po", "Other_Punctuation"), ".,;:!?"),
    **dict.fromkeys(("Pd", "Dash_Punctuation"), r"\-"),
    **dict.fromkeys(("Ps", "Open_Punctuation"), r"(\[{"),
    **dict.fromkeys(("Pe", "Close_Punctuation"), r")\]}"),
    **dict.fromkeys(("Pc", "Connector_Punctuation"), "_"),
    **dict.fromkeys(("S", "Symbol", "Sm", "Math_Symbol"), "+<=>"),
    **dict.fromkeys(("Sc", "Currency_Symbol"), "$€£"),
    **dict.fromkeys(("So", "Other_Symbol"), "©®°"),
    **dict.fromkeys(("Z", "Separator", "Zs", "Space_Separator", "White_Space", "space"), " "),
    **dict.fromkeys(("M", "Mark", "Mn", "Nonspacing_Mark"), "\u0300-\u0304"),
    **dict.fromkeys(("Emoji_Presentation", "Extended_Pictographic"), "😀-😏"),
    **dict.fromkeys(("Han", "Hani", "Ideographic"), "一-三"),
    **dict.fromkeys(("Greek", "Grek"), "α-ω"),
    **dict.fromkeys(("Cyrillic", "Cyrl"), "а-я"),
    **dict.fromkeys(("Arabic", "Arab"), "ب-غ"),
    **dict.fromkeys(("Hiragana", "Hira"), "あ-ん"),
    **dict.fromkeys(("Katakana", "Kana"), "ア-ン"),
    **dict.fromkeys(("Hangul", "Hang"), "가-깋"),
    **dict.fromkeys(("Thai",), "ก-ฮ"),
    **dict.fromkeys(("Devanagari", "Deva"), "अ-ह"),
    **dict.fromkeys(("ASCII", "Any", "Assigned", "ID_Continue", "IDC"), "a-z0-9"),
    **dict.fromkeys(("ASCII_Hex_Digit", "AHex", "Hex_Digit", "Hex"), "0-9a-f"),
    "Emoji": "😀-😏",
}
_WITH_LETTERS = (_LETTERS, "A-Z", "a-z")
_REST = {
    **{name: "0-9" if members in _WITH_LETTERS else "a-z" for name, members in _MEMBERS.items()},
    **dict.fromkeys(("ID_Continue", "IDC", "ASCII_Hex_Digit", "AHex", "Hex_Digit", "Hex"), " "),
    "ASCII": "א-ת",
}
"""What has a property not."""
_PART = re.compile(
    r"""\\(?P<sign>[pP])\{(?P<property>[\w=]+)\}
    | \\u\{0*(?P<point>[0-9A-Fa-f]{1,6})\}
    | \\c(?P<control>[A-Za-z])
    | \\k<(?P<back>[A-Za-z_]\w*)>
    | \\. | (?P<group>\(\?<(?=[A-Za-z_])) | (?P<sign_of_class>[][]) | (?P<doubled>&&|\|\||~~)""",
    re.VERBOSE | re.DOTALL,
)


def in_python(pattern: str) -> str:
    """Return the expression as `re` takes it; what it has no word for stays, and is refused there."""
    is_class = False

    def said(part: re.Match[str]) -> str:
        nonlocal is_class
        match part.lastgroup:
            case "property":
                members = _members(part["property"], is_negated=part["sign"] == "P")
                return part[0] if members is None else members if is_class else f"[{members}]"
            case "point" if int(part["point"], 16) <= 0x10FFFF:
                return f"\\U{int(part['point'], 16):08x}"
            case "control":
                return f"\\x{ord(part['control']) % 32:02x}"
            case "back":
                return f"(?P={part['back']})"
            case "group" if not is_class:
                return "(?P<"
            case "doubled" if is_class:
                # Python warns that these may mean something else one day; so does a bracket in brackets.
                return "".join(f"\\{sign}" for sign in part[0])
            case "sign_of_class" if is_class and part[0] == "[":
                return r"\["
            case "sign_of_class":
                is_class = part[0] == "["
        return part[0]

    return _PART.sub(said, pattern)


def _members(name: str, *, is_negated: bool) -> str | None:
    """List, as a set does, characters that have a property, or have it not; None for an unknown one."""
    kind, _, value = name.rpartition("=")
    if kind not in {"", "General_Category", "gc", "Script", "sc", "Script_Extensions", "scx"}:
        return None
    return (_REST if is_negated else _MEMBERS).get(value)
