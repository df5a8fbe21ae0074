"""Files whose look alone would cost a lot: archives that list more names than any document has."""

import io
import struct
import time
import zipfile

import pytest

from contracts.file_types import LIST, type_of
from contracts.tests.handing_in import archive

NAME = struct.pack("<4s4B4HL2L5H2L", b"PK\x01\x02", 20, 0, 20, 0, 0, 0, 0, 33, 0, 0, 0, 1, *[0] * 6) + b"a"


def listing(names: int) -> bytes:
    """An archive with nothing in it but its list of so many names, and the longer kind of its end."""
    inside = b"PK\x03\x04" + bytes(26)
    size = len(NAME) * names
    end = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, names, names, size, len(inside))
    end += struct.pack("<4sLQL", b"PK\x06\x07", 0, len(inside) + size, 1)
    end += struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return inside + NAME * names + end


def test_an_archive_whose_list_of_names_is_huge_is_refused_at_once():
    bomb = listing(500_000)
    begun = time.process_time()
    assert type_of("offer.docx", io.BytesIO(bomb)) is None
    assert time.process_time() - begun < 0.5


def test_control_such_a_list_is_one_that_can_be_read():
    assert len(zipfile.ZipFile(io.BytesIO(listing(20_000))).namelist()) == 20_000


@pytest.mark.parametrize("parts", [1, 2_000])
def test_a_document_of_many_parts_is_taken(parts):
    document = archive("word/document.xml", *(f"word/media/image{number}.png" for number in range(parts)))
    assert len(document) < LIST
    assert type_of("offer.docx", io.BytesIO(document)).content_type.endswith("wordprocessingml.document")
