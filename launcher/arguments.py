"""The launcher's own command line. Knows nothing of pytest's or manage.py's: it hands those on. (Python 3.6)"""

import os

from launcher.progress import Stop

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PASS_ON = ("test", "prove", "bench", "manage")
VERBS = ("run", "setup", "help", *PASS_ON)

HELP = """python3 start.py [--port N] [--data DIR]     start Cairn with its demo at http://127.0.0.1:8000/
python3 start.py test [pytest options]       run the whole suite on a throw-away database
python3 start.py prove [--quick] [--seed N] [--only X]
                                             try to lose a cent, under faults of every kind (40 minutes, or 3);
                                             a whole run writes docs/proof.md
python3 start.py bench [--quick|--full] [--rounds N] [--only X]
                                             measure against yardsticks; a whole run writes docs/performance.md
python3 start.py bench --write [--only X]    write the page of the last whole run anew, with X measured anew
python3 start.py manage <command> ...        run a manage.py command on the demo's database
python3 start.py setup [--dev]               only install what is needed

--data and --port may stand before or after the verb, but before what is handed on.
Environment: DATABASE_URL (use this PostgreSQL instead of the embedded one), DEMO_PASSWORD,
CAIRN_PYTHON (which Python to use), CAIRN_BROWSER (which Chromium the browser tests drive)."""


class Options:
    """What was asked for: the verb, the port (None: 8000 or the next free one), the data folder, what to hand on."""

    def __init__(self, data):
        self.verb, self.port, self.data, self.rest, self.dev = None, None, data, [], False


def parse(argv, environ=None):
    """Read the command line; what follows one of PASS_ON from its first foreign word on is handed on as it is."""
    environ = os.environ if environ is None else environ
    options = Options(environ.get("CAIRN_DATA") or os.path.join(ROOT, ".cairn"))
    words = list(argv)
    while words and _take(words, options):
        pass
    options.rest, options.verb = words, options.verb or "run"
    options.data = os.path.abspath(os.path.expanduser(options.data))
    if words and options.verb not in PASS_ON:
        raise Stop("There is no {!r} here; python3 start.py --help shows what there is.".format(words[0]))
    return options


def _take(words, options):
    """Take the next word if it is the launcher's own."""
    name, equals, value = words[0].partition("=")
    if name in ("--port", "--data"):
        words.pop(0)
        if not equals and not words:
            raise Stop("{} needs a value, for instance {} {}".format(name, name, "8000" if name == "--port" else "DIR"))
        setattr(options, name[2:], _checked(name, value if equals else words.pop(0)))
    elif options.verb is None and words[0] in VERBS:
        options.verb = words.pop(0)
    elif options.verb not in PASS_ON and words[0] in ("-h", "--help"):
        options.verb = "help"
        del words[:]
    elif options.verb == "setup" and words[0] == "--dev":
        options.dev = bool(words.pop(0))
    else:
        return False
    return True


def _checked(name, value):
    if not value:
        raise Stop("{} needs a value.".format(name))
    if name == "--data":
        return value
    if not value.isdigit() or int(value) > 65535:
        raise Stop("{} is no port; choose a number from 1 to 65535, for instance --port 8000.".format(value))
    return int(value)
