"""What all PDFs of Cairn's have in common: A4, type, tables, a line at the foot. Knows no statement and no invoice.

What people typed is text and never markup. It is set in DejaVu Sans; what that font lacks, in a font for East Asian
scripts that readers bring themselves.
"""

from collections.abc import Iterable, Sequence
from functools import cache, partial
from io import BytesIO
from itertools import groupby
from xml.sax.saxutils import escape

from django.conf import settings
from django.utils.translation import gettext as _
from reportlab.lib import colors
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, LongTable, Paragraph, SimpleDocTemplate, Spacer, TableStyle

SANS, BOLD = "DejaVu", "DejaVu-Bold"
HAN, HANGUL = "STSong-Light", "HYSMyeongJo-Medium"
MARGIN = 18 * mm
INDENT = 6  # what reportlab keeps free inside the margins
WIDTH = A4[0] - 2 * (MARGIN + INDENT)
INK, SOFT, LINE = colors.HexColor("#1c1b19"), colors.HexColor("#5c5852"), colors.HexColor("#c9c4bb")
TEXT = ParagraphStyle("text", fontName=SANS, fontSize=8.5, leading=12, textColor=INK)
TITLE = ParagraphStyle("title", TEXT, fontName=BOLD, fontSize=17, leading=22, spaceAfter=2 * mm)
QUIET = ParagraphStyle("quiet", TEXT, textColor=SOFT)
STRONG = ParagraphStyle("strong", TEXT, fontName=BOLD)
AMOUNT = ParagraphStyle("amount", TEXT, alignment=TA_RIGHT)
SUM = ParagraphStyle("sum", AMOUNT, fontName=BOLD)
GAP = Spacer(0, 6 * mm)


def text(words: str, style: ParagraphStyle = TEXT) -> Paragraph:
    """A paragraph of plain text; its line breaks stay."""
    _load_fonts()
    known = pdfmetrics.getFont(style.fontName).face.charToGlyph.keys() | {ord("\n")}
    runs = groupby(words, key=lambda character: style.fontName if ord(character) in known else _font_for(character))
    return Paragraph("".join(_marked("".join(run), font, style.fontName) for font, run in runs), style)


def table(rows: Iterable[Sequence[Flowable | str]], widths: Sequence[float], *, head: int = 1) -> LongTable:
    """Rows with a thin line between them; the first `head` of them come again on each page. Widths are shares.

    A cell that is a string is a date or an amount of ours: it is set as it is, many times faster, and amounts, from
    the third column on, stand at the right.
    """
    _load_fonts()
    ruled = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
        ("LEFTPADDING", (0, 0), (0, -1), 0),
        ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
        ("FONT", (0, 0), (-1, -1), SANS, TEXT.fontSize, TEXT.leading),
        ("TEXTCOLOR", (0, 0), (-1, -1), INK),
        ("ALIGN", (2, 0), (-1, -1), "RIGHT"),
    ]
    shares = [WIDTH * width / sum(widths) for width in widths]
    return LongTable([list(row) for row in rows], shares, repeatRows=head, style=TableStyle(ruled))


def sheet(title: str, story: list[Flowable]) -> bytes:
    """The PDF; `title` is in its properties and at the foot of each page."""
    file = BytesIO()
    document = SimpleDocTemplate(
        file, pagesize=A4, leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN, bottomMargin=MARGIN,
        title=title, author="Cairn", lang="en",
    )  # fmt: skip
    foot = partial(_foot, title)
    document.build(story, onFirstPage=foot, onLaterPages=foot)
    return file.getvalue()


def _foot(title: str, canvas: Canvas, document: SimpleDocTemplate) -> None:
    line = text(_("%(title)s · page %(page)d") % {"title": title, "page": document.page}, QUIET)
    line.wrap(WIDTH, MARGIN)
    line.drawOn(canvas, MARGIN + INDENT, MARGIN / 2)


@cache
def _load_fonts() -> None:
    folder = settings.BASE_DIR / "static" / "vendor"
    pdfmetrics.registerFont(TTFont(SANS, folder / "dejavu-sans.ttf"))
    pdfmetrics.registerFont(TTFont(BOLD, folder / "dejavu-sans-bold.ttf"))
    for name in (HAN, HANGUL):
        pdfmetrics.registerFont(UnicodeCIDFont(name))


def _font_for(character: str) -> str:
    """One of the fonts for East Asian scripts."""
    return HANGUL if "\N{HANGUL SYLLABLE GA}" <= character <= "\N{HANGUL SYLLABLE HIH}" else HAN


def _marked(run: str, font: str, usual: str) -> str:
    words = escape(run).replace("\n", "<br/>")
    return words if font == usual else f'<font name="{font}">{words}</font>'
