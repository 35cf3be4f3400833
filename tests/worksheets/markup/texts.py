"""Texts for property tests: marks of the language, thrown together."""

from __future__ import annotations

from hypothesis import strategies as st

MARKS = [
    *("___", "____", "______", "_", "__", "___a___", "___a | !b: c___", "___#5 ±1___", "___~a*___"),
    *(
        "|",
        "!",
        ":",
        "#",
        "~",
        "&g:",
        "\\",
        "50%:",
        "[[",
        "]]",
        "[[ a | b ]]",
        "[[ * ]]",
        "*",
        "**",
    ),
    *(
        "???",
        " ??? ",
        "5 marks",
        "40-120 words",
        "which",
        ",",
        "model: ",
        "rubric: ",
        "Your answer:",
    ),
    *(
        "(a) ",
        "(b) ",
        "a) ",
        "A. ",
        "B) ",
        " > ",
        "> ",
        "A. x > y\n",
        "1. ",
        "2. ",
        "12) ",
        "1936. ",
    ),
    *(
        "- ",
        "▪ ",
        "• ",
        "– ",
        "# ",
        "## ",
        "---",
        "***",
        "|---|---|\n",
        "| a | b |\n",
        "`",
        "<",
        ">",
    ),
    *("[^1]", "[^1]: ", "![x](a.png)", '![x](a.png "c")', "[a](https://x.y/___b___)", "[a](b)"),
    *("https://a.b/c___d___e", "<http://a.b>", "....", "......", "…", "………", "each word once:"),
    *("word", "Stalin", "1936", "é", "spelling: counts\n", "---\n", "\r\n", "\r", "\0", "\ud800"),
    *("\n", "\n", "\n\n", " ", " ", "  ", "    ", "\t", "\u00a0", "\f", "\u2028", "\ufeff", "😀"),
]

mark_soup = st.lists(st.sampled_from(MARKS) | st.text(max_size=4), max_size=50).map("".join)
any_text = mark_soup | st.text()
