"""Answering a letter: `export_person` writes the file, `erase_person` says what it would do, and does it."""

import io
import stat
from zipfile import ZipFile

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from contracts.tests.dealing import agreed
from marketplace.models import Erasure, User
from marketplace.tests.inviting import confirmed
from tests.factories import outsider
from tests.privacy.nora import EMAIL, NAME, nora

pytestmark = pytest.mark.django_db


def said(*words: str, **options: object) -> str:
    written = io.StringIO()
    call_command(*words, stdout=written, **options)
    return written.getvalue()


def test_the_file_has_what_the_page_gives_and_is_nobody_elses_to_read(tmp_path):
    nora()
    file = tmp_path / "nora.zip"
    assert "Hand it over safely" in said("export_person", f" {EMAIL.upper()} ", str(file))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert NAME in ZipFile(file).read("users.json").decode()
    with pytest.raises(CommandError, match="is there already"):
        call_command("export_person", EMAIL, str(file))
    with pytest.raises(CommandError, match="Nobody signs in"):
        call_command("export_person", "nobody@cairn.test", str(tmp_path / "other.zip"))


def test_a_rehearsal_counts_and_changes_nothing():
    she = nora()
    words = said("erase_person", EMAIL, dry_run=True)
    assert "account.EmailAddress: 1 deleted" in words
    assert "marketplace.TaxDetails: 1 deleted" in words
    assert "escrow.PaymentMethod: 1 emptied" in words
    assert "marketplace.Party: 1 renamed" in words
    assert words.endswith("Nothing was done.\n")
    assert User.objects.get(pk=she.user.pk).email == EMAIL


def test_it_is_done_with_a_mail_and_once(mailoutbox):
    she = nora()
    assert f"the person with the id {she.user.pk} is erased; a mail tells them" in said("erase_person", EMAIL)
    assert mailoutbox[-1].to == [EMAIL]
    assert Erasure.objects.get().by is None
    with pytest.raises(CommandError, match="Nobody signs in"):
        call_command("erase_person", EMAIL)
    with pytest.raises(CommandError, match="erased already"):
        call_command("erase_person", str(she.user.pk))


def test_it_says_why_not_and_whoever_comes_back_with_an_older_copy_is_found_by_id():
    deal = agreed("100.00")
    for options in ({"dry_run": True}, {}):
        with pytest.raises(CommandError, match=f"Not yet:\n- .*has not ended.*/contracts/{deal.key}/"):
            call_command("erase_person", deal.earner.email, **options)
    person = confirmed("again@cairn.test")
    said("erase_person", str(person.pk))
    assert Erasure.objects.get().person_id == person.pk


def test_what_staff_changed_of_them_names_them_no_more():
    person = confirmed("mended@cairn.test")
    LogEntry.objects.log_actions(outsider().pk, [person], CHANGE, change_message="[]")
    said("erase_person", person.email)
    entry = LogEntry.objects.get()
    assert (entry.object_id, entry.object_repr) == (str(person.pk), "")
    with pytest.raises(DatabaseError, match="may be taken out, and not be changed"), transaction.atomic():
        LogEntry.objects.update(object_repr="Somebody")
