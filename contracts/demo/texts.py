"""What the demo's people and contracts are called, say and cost. All of it is invented. Knows no rows."""

from decimal import Decimal
from typing import NamedTuple


class Step(NamedTuple):
    """A milestone to be: `days` is the due date, counted from today."""

    title: str
    amount: Decimal
    days: int | None = None
    description: str = ""


class Brief(NamedTuple):
    """A job and the contract made under it; `talent` is the email of who leads that side."""

    title: str
    talent: str
    job: str
    description: str
    terms: str
    steps: tuple[Step, ...]


class Person(NamedTuple):
    """Someone who signs in. `party` is empty for those who found none."""

    email: str
    name: str
    kind: str = ""
    party: str = ""
    time_zone: str = "UTC"


CLIENT, FREELANCER, AGENCY = "client@cairn.test", "freelancer@cairn.test", "agency@cairn.test"
MEMBER, VIEWER, STAFF = "member@cairn.test", "viewer@cairn.test", "staff@cairn.test"

FOUNDERS = (
    Person(CLIENT, "Cleo Marsh", "client", "Lanternfish Museum", "Europe/Lisbon"),
    Person(FREELANCER, "Fenn Alder", "freelancer", "Fenn Alder", "America/Toronto"),
    Person(AGENCY, "Agnes Rowe", "agency", "Nine Herons Studio", "Europe/Helsinki"),
    Person("outsider@cairn.test", "Otto Hale", "client", "Elsewhere Trading"),
)
# Who joins a party that another founded: the person, the founder's email, the role.
JOINERS = (
    (Person(VIEWER, "Vera Moss", time_zone="Europe/Lisbon"), CLIENT, "viewer"),
    (Person(MEMBER, "Milo Teal", time_zone="Europe/Helsinki"), AGENCY, "member"),
)
OVERSEER = Person(STAFF, "Stella Firth")
# The other staff, with their group: support looks, finance decides, and above a limit two of finance do.
OF_GROUPS = (
    (Person("support@cairn.test", "Sunniva Holt"), "support"),
    (Person("finance@cairn.test", "Felix Brandt"), "finance"),
    (Person("finance2@cairn.test", "Farida Quill"), "finance"),
)

USUAL_TERMS = """\
Each milestone is agreed before work on it begins, and paid once it was looked at and accepted.

Everything made for this contract belongs to the client from the day it is paid for. Work that was \
there before stays with the one who made it.

Both sides answer within three working days. Whoever will be away for longer says so ahead of time."""


def usd(amount: str) -> Decimal:
    return Decimal(amount).quantize(Decimal("0.01"))


WEBSITE = Brief(
    "Website relaunch",
    FREELANCER,
    "A new website for the museum",
    "Our site is nine years old. Visitors cannot find the opening hours on a telephone, and nobody dares to change "
    "a page. We want a calm, quick site that the front desk can keep up to date.",
    USUAL_TERMS + "\n\nThe site works with a keyboard alone and with a screen reader, in current browsers.",
    (
        Step("Kick-off and goals", usd("450"), -70, "Two talks with the front desk and one with the curators."),
        Step("Content inventory", usd("800"), -52, "A list of every page, with what to keep, merge and drop."),
        Step("Wireframes of the key pages", usd("1200"), -30, "Home, visit, exhibition, search and one article."),
        Step("Visual design", usd("2400"), -3, "Colours, type and the five key pages, on a phone and on a desk."),
        Step("Home page and templates", usd("3200"), 14, "Built, filled with real text, ready for the test visitors."),
        Step("Collections search", usd("2800"), 28, "Search by title, maker and year, with pictures in the results."),
        Step("Opening hours and visits", usd("950"), 35, "Hours, holidays, directions and group bookings by mail."),
        Step("Accessibility review", usd("1100"), 45, "By somebody who did not build it; what is found is mended."),
        Step("Photo gallery", usd("1350.50"), 52, "Sixty pictures, each with a caption and an alternative text."),
        Step("Content migration", usd("1600"), 60, "The texts from the inventory move over; old addresses lead on."),
        Step("Staff training", usd("600"), 70, "Two mornings at the front desk, and a short handbook."),
        Step("Launch week", usd("900"), None, "On call from Monday to Friday of the week in which we go live."),
    ),
)
HANDED_IN = (
    "Notes of both talks, and the goals on one page.",
    "The list has 214 pages: 96 stay, 71 merge, 47 go.",
    "Five pages as wireframes, with the front desk's remarks worked in.",
    "Colours, type and all five pages, on a phone and on a desk. The contrast table is on the last page.",
)
DROPPED = Step("Blog", usd("700"), 50, "A page for news, with an archive by month.")
CHEAPER_SEARCH = usd("2400")

# What talents ask to change on the way.
CARDS = Step("Visiting cards", usd("300"), -55, "For twelve people, on the paper of the letters.")
CARDS_NOTE = "The letters need ten days more. Cards on the same paper would go well with them."
TESTING = Step("A day with visitors", usd("600"), 75, "Ten people try it in the rooms, and we mend what stops them.")
TESTING_NOTE = """\
As we said on the phone: the map comes first, since the audio guide leads along it, and what is heard without a signal \
takes longer than we thought.

Languages can wait for a contract of their own. A day with visitors cannot."""
DEARER_AUDIO = usd("4600")

MOBILE = Brief(
    "Mobile app",
    FREELANCER,
    "A guide for the pocket",
    "Visitors would like to hear about an object while they stand before it, without a signal in the vault.",
    USUAL_TERMS,
    (
        Step("Clickable prototype", usd("1500"), 9, "Three rooms, to be tried out by ten visitors."),
        Step("Audio guide without a signal", usd("4200"), 40, "Everything is on the phone before the visit begins."),
        Step("Map of the rooms", usd("2150"), 61, "Where am I, what is near, where are the lifts."),
        Step("Two more languages", usd("1800"), 80, "The texts come from us; the app lets people choose."),
        Step("Release in the stores", usd("1250"), None, "Pictures, texts and the way through the reviews."),
    ),
)
LOGO = Brief(
    "Logo refresh",
    AGENCY,
    "Our sign, redrawn",
    "The lantern is hard to read when it is small. Keep the idea, redraw the shape.",
    USUAL_TERMS,
    (
        Step("Three sketches", usd("360"), -9, "By hand; one of them is drawn out."),
        Step("Redrawn logo", usd("640"), 12, "As a drawing that scales, in one colour and in two."),
    ),
)
GUIDELINES = Brief(
    "Brand guidelines",
    AGENCY,
    "How we look and sound",
    "Forty pages that nobody reads became eight that hang on the wall.",
    USUAL_TERMS,
    (
        Step("Interviews and audit", usd("900"), -140),
        Step("Colours and type", usd("1400"), -118),
        Step("Tone of voice", usd("1100"), -95),
        Step("Templates for letters", usd("500"), -60, "Cancelled: the letters come with the new website."),
    ),
)
AUDIO = Brief(
    "Audio stories",
    AGENCY,
    "Voices for ten objects",
    "Ten short stories, told by the people who look after the objects.",
    USUAL_TERMS,
    (
        Step("Scripts for ten stories", usd("800"), -45, "Two minutes each, read aloud once before they are final."),
        Step("Recording and sound", usd("1500"), -8, "In the quiet hour before we open."),
        Step("Transcripts", usd("450"), 20, "For the web page and for the wall."),
    ),
)
POSTER = Brief(
    "Winter poster",
    FREELANCER,
    "A poster for the winter nights",
    "Three evenings in January with the lights off. The poster should make people curious, and cold.",
    USUAL_TERMS,
    (
        Step("Two drafts", usd("300"), 10, "On paper size, so that they can hang for a day."),
        Step("Final artwork", usd("420.50"), 24, "Ready to print, with the fonts turned into shapes."),
    ),
)
FILM = Brief(
    "Opening film",
    FREELANCER,
    "A minute of film for the opening",
    "One minute, no words, from the first light in the hall to the doors opening.",
    USUAL_TERMS,
    (
        Step(
            "The film, cut and graded", usd("1800"), -4, "One minute in the size of the hall's screen, and a small one."
        ),
        Step("Three short loops", usd("600"), 30, "Ten seconds each, for the screens at the ticket desk."),
    ),
)
SIGNS = Brief(
    "Door signs",
    AGENCY,
    "Signs that match the new lantern",
    "",
    "Each milestone is agreed on site. Mounting is by the museum; we stay until the first sign hangs straight.",
    (
        Step("Walk through the house", usd("450"), 12, "Which doors, how far away they are read, and in what light."),
        Step("Design of all signs", usd("1350"), 33, "Forty-two signs in three sizes, drawn with the redrawn lantern."),
        Step("Files for the sign maker", usd("380.50"), 47, "Cut lines, colours and a list by floor."),
    ),
)
FLOOR_PLAN = Brief(
    "Floor plan leaflet",
    FREELANCER,
    "Where is what",
    "One sheet, folded twice, that shows the three floors and the lifts.",
    USUAL_TERMS,
    (Step("Leaflet", usd("350"), -20),),
)

SERIES = (
    ("Letters", "84.00"),
    ("Ship's logs", "132.50"),
    ("Glass plates", "210.00"),
    ("Maps and charts", "175.00"),
    ("Ledgers", "96.00"),
    ("Photographs", "118.00"),
    ("Posters", "149.90"),
    ("Newspaper cuttings", "72.25"),
)
BOXES = 25


def boxes() -> tuple[Step, ...]:
    """Eight series of twenty-five boxes each: as many milestones as a plan can hold."""
    return tuple(
        Step(
            f"{series}, box {box} of {BOXES}",
            usd(price) + box % 5,
            2 + (place * BOXES + box) * 3 if box % 6 else None,
            "Scan, name the files, check every tenth page." if box == 1 else "",
        )
        for place, (series, price) in enumerate(SERIES)
        for box in range(1, BOXES + 1)
    )


ARCHIVE = Brief(
    "Archive digitisation",
    AGENCY,
    "Two hundred boxes",
    "The archive moves to a dry place in two years. Until then every box is to be scanned, box by box.",
    USUAL_TERMS + "\n\nOriginals leave the house one box at a time and are insured on the way.",
    boxes(),
)
