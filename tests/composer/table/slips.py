"""Slips of people who do not programme, and what is to be said of each."""

USE = "YAML has a use of its own for a text that begins with"
BLANK = "P114 a blank that YAML takes for a letter (U+00A0, no-break space) stands here"

# What is right, as what it is mistyped, and what is said of it: place and message, the line, what
# was expected. The caret stands under the place.
SLIPS = {
    "no-break spaces before a key": (
        "    when",
        "\xa0\xa0\xa0\xa0when",
        (f"6:1: {BLANK}", "\xa0\xa0\xa0\xa0when: dark", "a blank from the space bar"),
    ),
    "a no-break space after a colon": (
        "when: ",
        "when:\xa0",
        (f"6:10: {BLANK}", "    when:\xa0dark", "a blank from the space bar"),
    ),
    "a no-break space after a hyphen": (
        "- id",
        "-\xa0id",
        (f"5:4: {BLANK}", "  -\xa0id: night-slow", "a blank from the space bar"),
    ),
    "no blank after a colon": (
        "when: dark",
        "when:dark",
        ("6:9: P113 a blank belongs after the colon", "    when:dark", "when: dark"),
    ),
    "a comma for a point": (
        "-8}",
        "-0,8}",
        (
            "7:19: P401 the comma of -0,8 ends the number",
            "    then: {tempo: -0,8}",
            "-0.8, with a point",
        ),
    ),
    "an en dash for a list": (
        "- id",
        "– id",
        (
            "5:3: P115 an item of a list begins with a hyphen and a blank, not with U+2013, en "
            "dash",
            "  – id: night-slow",
            "a hyphen, -, and a blank",
        ),
    ),
    "a bullet for a list": (
        "- id",
        "* id",
        (
            "5:3: P115 an item of a list begins with a hyphen and a blank, not with U+002A, "
            "asterisk",
            "  * id: night-slow",
            "a hyphen, -, and a blank",
        ),
    ),
    "a colon in a sentence": (
        "Night is slow.",
        "Night: it is slow.",
        (
            "8:19: P112 a colon and a blank make what stands before them a key",
            "    because: Night: it is slow.",
            'because: "Night: it is slow."',
        ),
    ),
    "two keys in a line": (
        "dark\n    then:",
        "dark then:",
        (
            "6:16: P112 'then' belongs in a line of its own, or the sentence in quotes",
            "    when: dark then: {tempo: -8}",
            "when: dark and below it then:",
        ),
    ),
    "an apostrophe": (
        "Night is slow.",
        "'It's slow.'",
        (
            "8:17: P112 the text ends at this ', and more follows",
            "    because: 'It's slow.'",
            'because: "It\'s slow."',
        ),
    ),
    "no blank after a hyphen": (
        "- id",
        "-id",
        (
            "5:3: P113 a blank belongs after the hyphen",
            "  -id: night-slow",
            "- id: night-slow",
        ),
    ),
    "an open bracket": (
        "-8}",
        "-8",
        (
            "7:11: P116 this { has no } that closes it",
            "    then: {tempo: -8",
            "then: {tempo: -8}",
        ),
    ),
    "a number in quotes": (
        "-8}",
        '"-8"}',
        (
            "7:19: P401 amount for tempo is '-8'",
            '    then: {tempo: "-8"}',
            "-8, without quotes",
        ),
    ),
    "a secret": (
        "Night is slow.",
        "!secret x",
        (
            "8:14: P118 the tag !secret is not read",
            "    because: !secret x",
            "the value itself, without the tag",
        ),
    ),
    "an exclamation": (
        "Night is slow.",
        "!important",
        (
            "8:14: P112 YAML reads a word that begins with ! as a tag",
            "    because: !important",
            '"!important", in quotes',
        ),
    ),
    **{
        f"a text that begins with {sign}": (
            "Night is slow.",
            f"{sign} slow night",
            (
                f"8:14: P112 {USE} {sign}",
                f"    because: {sign} slow night",
                f'because: "{sign} slow night"',
            ),
        )
        for sign in "*@%`&>|,?"
    },
    "an alias": (
        "Night is slow.",
        "*slow",
        (
            "8:14: P112 YAML reads a word that begins with * as an alias",
            "    because: *slow",
            '"*slow", in quotes',
        ),
    ),
    "a text that begins with brackets": (
        "Night is slow.",
        "[Night] is slow.",
        (
            f"8:14: P112 {USE} [",
            "    because: [Night] is slow.",
            'because: "[Night] is slow."',
        ),
    ),
    "quotes within quotes": (
        "Night is slow.",
        '"Night is "slow"."',
        (
            '8:24: P112 the text ends at this ", and more follows',
            '    because: "Night is "slow"."',
            "because: 'Night is \"slow\".'",
        ),
    ),
    "open quotes": (
        "Night is slow.",
        '"Night is slow.',
        (
            '8:14: P116 this " has no second one that closes it',
            '    because: "Night is slow.',
            'because: "Night is slow."',
        ),
    ),
    "a bracket of another kind": (
        "-8}",
        "-8]",
        (
            "7:21: P116 ] closes a bracket of the other kind",
            "    then: {tempo: -8]",
            "} in its place",
        ),
    ),
    "a bracket that lacks another": (
        "when: dark",
        "when: {all: [dark, light}",
        (
            "6:17: P116 this [ has no ] that closes it",
            "    when: {all: [dark, light}",
            "when: {all: [dark, light]}",
        ),
    ),
    "a bracket too many": (
        "-8}",
        "-8}}",
        ("7:22: P116 this } closes nothing", "    then: {tempo: -8}}", "the line without it"),
    ),
    "a bracket that nothing opened": (
        "{tempo: -8}",
        "tempo: -8}",
        ("7:11: P116 a { is missing before this", "    then: tempo: -8}", "then: {tempo: -8}"),
    ),
    "no comma": (
        "-8}",
        "-8 mode: {dorian: 1}}",
        (
            "7:21: P116 a comma is missing before mode",
            "    then: {tempo: -8 mode: {dorian: 1}}",
            ", mode",
        ),
    ),
    "a blank too many": (
        "    then",
        "     then",
        (
            "7:6: P117 this line begins with 5 blanks, which fits none of those above it",
            "     then: {tempo: -8}",
            "4 blanks",
        ),
    ),
    "a blank too few": (
        "    then",
        "   then",
        (
            "7:4: P117 this line begins with 3 blanks, which fits none of those above it",
            "   then: {tempo: -8}",
            "4 blanks",
        ),
    ),
    "a tab": (
        "    when",
        "\twhen",
        ("6:1: P105 a tab stands at the line's beginning", "\twhen: dark", "blanks"),
    ),
    "no colon": (
        "when: dark",
        "when dark",
        ("6:9: P113 a colon is missing after 'when'", "    when dark", "when: dark"),
    ),
    "an equals sign": (
        "when: dark",
        "when = dark",
        ("6:9: P113 a colon belongs after 'when', not =", "    when = dark", "when: dark"),
    ),
    "a wide colon": (
        "when: dark",
        "when\uff1a dark",
        (
            "6:9: P113 this is a colon of another kind (U+FF1A, fullwidth colon)",
            "    when\uff1a dark",
            "when: dark",
        ),
    ),
    "no blank in brackets": (
        "tempo: -8",
        "tempo:-8",
        ("7:18: P113 a blank belongs after the colon", "    then: {tempo:-8}", "tempo: -8"),
    ),
    "curly quotation marks": (
        "when: dark",
        "when: “dark”",
        (
            "6:11: P301 '“dark”' is no term (in curly quotation marks, which are letters to YAML)",
            "    when: “dark”",
            "one of the terms declared\n    did you mean 'dark'?",
        ),
    ),
    "an en dash for a minus": (
        "-8}",
        "–8}",
        (
            "7:19: P401 amount for tempo is '–8'",
            "    then: {tempo: –8}",
            "-8, with a hyphen for a minus, not U+2013, en dash",
        ),
    ),
    "a unit": (
        "-8}",
        "-8 bpm}",
        (
            "7:19: P401 amount for tempo is '-8 bpm'",
            "    then: {tempo: -8 bpm}",
            "-8 alone, without bpm",
        ),
    ),
    "a line of no kind": (
        "    when: dark\n",
        "    when: dark\n)(*&^ $ @@\n",
        (
            "7:1: P103 a colon is missing in this line, or in the one before",
            ")(*&^ $ @@",
            "the line mended or left out",
        ),
    ),
    "a remark of another language": (
        "    when: dark\n",
        "    when: dark\n    // so it is\n",
        (
            "7:5: P103 // begins nothing that YAML knows",
            "    // so it is",
            "this line left out, or after # as a comment",
        ),
    ),
    "a control character": (
        "Night",
        "Ni\x1b[31mght",
        (
            "8:16: P110 a sign that cannot be shown, U+001B, stands here",
            "    because: Ni\u241b[31mght is slow.",
            "the line without it",
        ),
    ),
    "a key twice": (
        "    when: dark\n",
        "    when: dark\n    when: dark\n",
        ("7:5: P202 'when' stands twice, first in line 6", "    when: dark", "each key once"),
    ),
    "two hyphens for a list": (
        "- id",
        "-- id",
        (
            "5:3: P115 an item of a list begins with a hyphen and a blank, not with --",
            "  -- id: night-slow",
            "a hyphen, -, and a blank",
        ),
    ),
    "a number beside its decision": (
        "{tempo: -8}",
        "tempo -8",
        ("7:11: P205 then is 'tempo -8'", "    then: tempo -8", "{tempo: -8}"),
    ),
    "an arrow": (
        "{tempo: -8}",
        "tempo → -8",
        ("7:11: P205 then is 'tempo → -8'", "    then: tempo → -8", "{tempo: -8}"),
    ),
    "an equals sign in brackets": (
        "tempo: -8",
        "tempo = -8",
        ("7:12: P113 a colon is missing after 'tempo'", "    then: {tempo = -8}", "tempo: -8"),
    ),
    "no brackets": (
        "{tempo: -8}",
        "tempo: -8",
        (
            "7:11: P116 what stands in one line with its key is put in braces",
            "    then: tempo: -8",
            "then: {tempo: -8}",
        ),
    ),
    "brackets of prose": (
        "{tempo: -8}",
        "(tempo: -8)",
        (
            "7:11: P116 what stands in one line with its key is put in braces",
            "    then: (tempo: -8)",
            "then: {tempo: -8}",
        ),
    ),
    "a semicolon": (
        "-8}",
        "-8; mode: {dorian: 1}}",
        (
            "7:21: P116 a comma divides the entries of a bracket, not ;",
            "    then: {tempo: -8; mode: {dorian: 1}}",
            ", mode",
        ),
    ),
    "a sentence in two lines": (
        "Night is slow.",
        "Night is\n slow.",
        (
            "9:2: P117 this line goes on with the one above, and begins with too few blanks",
            " slow.",
            "5 blanks or more",
        ),
    ),
    "a key without anything": (
        "then: {tempo: -8}",
        "then\n      tempo: -8",
        ("7:9: P113 a colon is missing after 'then'", "    then", "then:"),
    ),
    "a minus apart": (
        "-8}",
        "- 8}",
        (
            "7:19: P401 a blank stands between the minus and the number",
            "    then: {tempo: - 8}",
            "-8, without the blank",
        ),
    ),
    "no blank before a bracket": (
        "when: dark",
        "when: {any:[dark, light]}",
        (
            "6:15: P113 a blank belongs after the colon",
            "    when: {any:[dark, light]}",
            "any: [",
        ),
    ),
    "two terms": (
        "when: dark",
        "when: dark, light",
        (
            "6:11: P301 'dark, light' is no term",
            "    when: dark, light",
            "{all: [dark, light]}, or any",
        ),
    ),
    "a term or another": (
        "when: dark",
        "when: dark or light",
        (
            "6:11: P301 'dark or light' is no term",
            "    when: dark or light",
            "{any: [dark, light]}",
        ),
    ),
    "a feature compared": (
        "when: dark",
        "when: brightness < 0.3",
        (
            "6:11: P301 'brightness < 0.3' is no term",
            "    when: brightness < 0.3",
            "a term, which says of a feature from where it holds",
        ),
    ),
    "another language's not": (
        "when: dark",
        "when: !dark",
        (
            "6:11: P112 YAML reads a word that begins with ! as a tag",
            "    when: !dark",
            "not dark",
        ),
    ),
    "a key in capitals": (
        "    when",
        "    When",
        (
            "6:5: P201 a rule has no 'When'",
            "    When: dark",
            "one of id, then, because, when, in, only, evidence\n    did you mean 'when'?",
        ),
    ),
    "curly quotation marks around a colon": (
        "Night is slow.",
        "“Night: slow.”",
        (
            "8:14: P112 curly quotation marks are letters to YAML",
            "    because: “Night: slow.”",
            'because: "Night: slow."',
        ),
    ),
    "a sign of no width": (
        "when: dark",
        "when: da\u200brk",
        (
            "6:11: P301 'da\\u200brk' is no term (with U+200B, zero width space)",
            "    when: da\ufffdrk",
            "one of the terms declared\n    did you mean 'dark'?",
        ),
    ),
    "another direction of writing": (
        "when: dark",
        "when: da\u202erk",
        (
            "6:11: P110 when holds a sign that cannot be shown, U+202E, right-to-left override",
            "    when: da\ufffdrk",
            "the word without it",
        ),
    ),
    "yes": (
        "when: dark",
        "when: yes",
        (
            "6:11: P206 YAML reads yes as true or false, not as a word",
            "    when: yes",
            '"yes", in quotes, if the word is meant',
        ),
    ),
    "nothing": (
        "when: dark",
        "when:",
        ("6:10: P204 when is empty", "    when:", "words"),
    ),
    "a per cent": (
        "-8}",
        "-8%}",
        ("7:19: P401 amount for tempo is '-8%'", "    then: {tempo: -8%}", "-0.08, without %"),
    ),
}
