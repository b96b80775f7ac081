"""Owns the colours of code: few, and each one a text role, so that every letter keeps the contrast of the theme.

Imported when the first code fence is drawn, because the highlighter behind it is heavy.
"""

from pygments.token import Token  # type: ignore[import-untyped]
from textual.highlight import HighlightTheme, TokenType


class CodeColours(HighlightTheme):
    """Words of the language, strings, numbers, definitions and comments; everything else is plain text."""

    STYLES: dict[TokenType, str] = {  # noqa: RUF012 (the base class declares it as an instance variable)
        Token.Comment: "italic $text-muted",
        Token.Keyword: "$text-secondary",
        Token.Keyword.Constant: "$text-warning",
        Token.Operator.Word: "$text-secondary",
        Token.Literal.String: "$text-success",
        Token.Literal.Number: "$text-warning",
        Token.Name.Function: "bold $text-primary",
        Token.Name.Class: "bold $text-primary",
        Token.Name.Decorator: "$text-accent",
        Token.Name.Builtin: "$text-primary",
        Token.Name.Tag: "$text-primary",
        Token.Name.Attribute: "$text-accent",
    }
