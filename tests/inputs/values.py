"""The list of what people and programs send: amounts, texts, dates, numbers, ids. Knows no form."""
# ruff: noqa: RUF001 - signs that look like others are the point

import uuid

NOWHERE = uuid.UUID("00000000-0000-4000-8000-000000000000")
HUGE = 2**63
NUL = "\x00"

# No field for an amount takes these, whatever its limits are.
NO_AMOUNTS = [
    "5.001", "-5", "1e3", "5_0", "500e-2", "\N{ARABIC-INDIC DIGIT FIVE}", "\N{FULLWIDTH DIGIT FIVE}", "NaN", "Infinity",
    "0x10", "5,00", "9" * 400, "9" * 10_000, "five", "5 5", "1,00,000", "+5", "5.", ".5", "\N{MINUS SIGN}5", "5\n5",
    "$-5", "=5", f"5{NUL}0", "5\N{ZERO WIDTH SPACE}0", "--5", "٫5", "5e0", "1/2", "5%", "()", "05" * 30,
]  # fmt: skip

# Nothing in them can be seen.
UNSEEN = [
    "", "   ", "\t", "\r\n", "\N{ZERO WIDTH SPACE}", "\N{ZERO WIDTH NO-BREAK SPACE}\N{WORD JOINER}",
    "\N{RIGHT-TO-LEFT OVERRIDE}\N{POP DIRECTIONAL FORMATTING}", "\N{HANGUL FILLER}", "\N{BRAILLE PATTERN BLANK}",
    "\x00\x01\x02", "\N{NO-BREAK SPACE}", "\N{ZERO WIDTH JOINER}", "\N{SOFT HYPHEN}", "\N{TAG SPACE}",
    "\N{COMBINING ACUTE ACCENT}",
]  # fmt: skip
# Text that somebody may want to write, or that wants to be something else than text. Each is taken as it reads.
SCRIPT = "<script>alert(7)</script>"
TEXTS = [
    SCRIPT, '"><img src=x onerror=alert(7)>', "{{7*7}}", "{% debug %}", "${7*7}", "javascript:alert(7)", "=cmd()",
    "@SUM(1)", "+1", "-1", "Bcc: a@b.test\r\nX: y", "Ünï\N{COMBINING DIAERESIS}", "e\N{COMBINING ACUTE ACCENT}",
    "abc\N{RIGHT-TO-LEFT OVERRIDE}fed", "\N{FAMILY}\N{ZERO WIDTH JOINER}\N{FAMILY}", "أهلا", "a\x00b", "a\x1b[31mb",
    "' OR 1=1 --", "%s %(x)s {0}", "\\u0000", "None", "null", "../../etc/passwd", "𝔘𝔫𝔦", "\udced\udca0\udc80 no UTF-8",
]  # fmt: skip

LINKS = [
    "https://cairn.test/a?b=c#d",
    "http://cairn.test/%3Cscript%3E",
    "https://xn--bcher-kva.test/\r\nhttps://cairn.test",
]
NO_LINKS = [
    "javascript:alert(7)", "JaVaScRiPt:alert(7)", " javascript:alert(7)", "java\tscript:alert(7)", "data:text/html,x",
    "//cairn.test", "cairn.test", "ftp://cairn.test/", "file:///etc/passwd", "https://", "https:// cairn.test",
    "https://cairn.test/\r\njavascript:alert(7)", "https://cairn.test/" + "x" * 10_000, "https://cairn.test/a b", "x",
    "\n".join(f"https://cairn.test/{number}" for number in range(201)), "mailto:a@cairn.test", "http://[::1",
]  # fmt: skip

NO_DATES = [
    "0000-01-01", "10000-01-01", "2027-02-29", "2027-13-01", "2027-00-10", "2027-01-32", "01/02/2027", "2027-1-2",
    "tomorrow", "2027-03-28T02:30", "-2027-01-01", "20270101", "٢٠٢٧-٠١-٠١", "2027-W01-1", "2027-03-31 00:00", "1e3",
    f"2027-01-01{NUL}", "9" * 10_000, "NaN", "2027-06-31", "１９９９-01-01",
]  # fmt: skip
PAST_DATES = ["2000-02-29", "1999-12-31", "0001-01-01", "1970-01-01"]
DATES = ["2096-02-29", "9999-12-31", "2099-03-29", "2099-10-25", ""]

NO_NUMBERS = [
    "-1", "x", "1.5", "1e3", "0x1", str(HUGE), "9" * 40, "9" * 10_000, f"1{NUL}", "1;2", "--", "NaN", "1_0",
]  # fmt: skip
NO_IDS = ["x", "-1", str(HUGE), "9" * 10_000, "1 OR 1=1", f"1{NUL}", "0", "1.0", "None", "[]", "1,2"]
NO_UUIDS = ["x", "-1", "9" * 10_000, f"{NOWHERE}{NUL}", "None", "0", str(HUGE), "' OR 1=1 --", "{}", str(NOWHERE)[:-1]]
NO_CHOICES = ["zzz", "9" * 10_000, f"{NUL}", SCRIPT, "-1", "None"]
NO_EMAILS = [
    "x", "x@", "@x", "a b@cairn.test", "a@b@cairn.test", "a@cairn.test\r\nBcc: b@cairn.test", "a@cairn",
    "a@cairn.test, b@cairn.test", '"><script>@cairn.test', f"a{NUL}@cairn.test", "a" * 400 + "@cairn.test", "a@-x.test",
    "a@cairn..test", "<a@cairn.test>", "a@cairn.test%0aBcc:b@cairn.test",
]  # fmt: skip
PLACES = ["x", "", NUL, "-1", str(HUGE), "9" * 10_000, str(NOWHERE), "0-0", "f" * 14 + "-" + "0" * 32, SCRIPT, "1e3",
          "١", "../", "%s", "' OR 1=1 --", "\N{RIGHT-TO-LEFT OVERRIDE}", "//elsewhere.test", "javascript:alert(7)",
          "0000-01-01", "9999-12-31", "10000-01-01", "2027-02-29", "NaN", "inf", "-inf", "1e999"]  # fmt: skip
