"""`manage.py erase_person`: close somebody's account for good, because they asked by letter (docs/operations.md)."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from marketplace.models import Erasure, User
from marketplace.operations import PeopleError
from marketplace.privacy.erasing import StillNeeded, erase
from marketplace.privacy.kept import Fate, Person
from marketplace.privacy.letter import Letter
from marketplace.privacy.obstacles import obstacles
from marketplace.privacy.tables import TABLES


class Command(BaseCommand):
    help = "Erase what is kept of somebody, or say with --dry-run what that would be."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("who", help="What they sign in with; their id, to erase them again in an older copy.")
        parser.add_argument("--dry-run", action="store_true", help="Change nothing, and say what would be done.")

    def handle(self, *args, who: str, dry_run: bool, **options) -> None:
        person = _found(who.strip().lower())
        if dry_run:
            self._rehearse(person)
            return
        letter = Letter(person)
        try:
            erase(person=person, by=None)
        except StillNeeded as refusal:
            raise CommandError(_why_not(refusal.obstacles)) from None
        except PeopleError as refusal:
            raise CommandError(str(refusal)) from None
        told = "a mail tells them" if letter.send() else "the mail about it did not go out: tell them in another way"
        self.stdout.write(f"Done, for good: the person with the id {person.pk} is erased; {told}.")

    def _rehearse(self, person: User) -> None:
        if found := obstacles(person):
            raise CommandError(_why_not(found))
        known = Person.of(person)
        for table in TABLES:
            count = (table.rows.filter(table.erased(known)) if table.erased else table.of(known)).count()
            if count and (table.fate is Fate.DELETED or table.becomes):
                self.stdout.write(f"{table.model}: {count} {'deleted' if table.fate is Fate.DELETED else 'emptied'}")
        self.stdout.write(f"marketplace.Party: {len(known.alone)} renamed")
        self.stdout.write("Nothing was done.")


def _found(who: str) -> User:
    key = {"pk": int(who)} if who.isascii() and who.isdigit() and len(who) < 19 else {"email": who}
    person = User.objects.filter(**key).first()
    if person is None:
        raise CommandError("Nobody signs in with this email, and nobody has this id.")
    if Erasure.objects.filter(person=person).exists():
        raise CommandError("They are erased already.")
    return person


def _why_not(found: list) -> str:
    return "\n".join(["Not yet:", *(f"- {each.text} ({each.label}: {each.path})" for each in found)])
