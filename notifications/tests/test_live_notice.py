"""What goes through the database: small enough for it, read as it was written."""

from uuid import UUID, uuid4

import pytest

from notifications.live.notice import BELL, Notice, notices

CONTRACT = UUID("7a1f1f0e-5f0b-4e58-9a5e-0f6c2d1f3b4a")
LARGEST_ID = 2**63 - 1


@pytest.mark.parametrize("contract", [CONTRACT, None])
def test_a_notice_is_read_as_it_was_written(contract):
    (notice,) = notices(contract, [3, 1, 2])
    assert Notice.read(notice.written()) == notice
    assert notice == Notice(str(contract) if contract else BELL, (1, 2, 3))


def test_each_user_is_named_once_and_nobody_needs_no_notice():
    assert [notice.users for notice in notices(CONTRACT, [5, 5, 4, 5])] == [(4, 5)]
    assert list(notices(CONTRACT, [])) == []


def test_however_many_users_no_notice_is_longer_than_the_database_takes():
    users = range(LARGEST_ID - 1_000, LARGEST_ID)
    many = list(notices(uuid4(), users))
    assert len(many) > 1
    assert max(len(notice.written().encode()) for notice in many) < 8_000
    assert [user for notice in many for user in notice.users] == list(users)


@pytest.mark.parametrize("payload", ["", "bell", "bell x", "nonsense 1", f"{CONTRACT} 1 2"])
def test_what_we_never_write_is_refused(payload):
    with pytest.raises(ValueError, match=r".+"):
        Notice.read(payload)
