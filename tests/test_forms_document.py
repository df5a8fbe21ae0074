"""What docs/inputs.md says of forms is what they do, and the files that it names are there (ASVS 2.1.1)."""

from tests.forms_document import DOC, known, text
from tests.test_security_doc import PLACE, ROOT


def test_it_is_written_from_the_forms():
    assert len(known()) > 40
    assert DOC.read_text() == text(), "Write it anew: python -m tests.forms_document"


def test_the_files_that_it_names_are_there():
    places = [path for path, _test in PLACE.findall(DOC.read_text())]
    assert len(places) > 10
    assert [path for path in places if not (ROOT / path).is_file()] == []
