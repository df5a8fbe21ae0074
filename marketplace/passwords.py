"""Words that whoever guesses a password for this site tries first (ASVS 6.1.2). Knows no user and no form."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

WORDS = ("cairn", "escrow", "milestone", "contract", "freelancer", "agency", "client", "talent", "marketplace", "staff",
         "support", "finance", "admin", "superuser", "manager", "owner", "member", "password", "welcome")  # fmt: skip
BESIDES = 4  # letters that a password has besides these words, at least, if it has one of them
NAMED = re.compile("|".join(sorted(WORDS, key=len, reverse=True)))
SPELT = str.maketrans("013457@$!", "oieastasi")


class NotOurWords:
    """Refuses a password that is one or more of WORDS and little else: `Cairn2026!`, `escr0w-client`."""

    def validate(self, password: str, user: object = None) -> None:
        text = password.casefold()
        ours = {at for word in NAMED.finditer(text.translate(SPELT)) for at in range(*word.span())}
        if ours and sum(c.isalpha() for at, c in enumerate(text) if at not in ours) < BESIDES:
            raise ValidationError(
                _("This password is easy to guess for somebody who knows this site. Choose other words."),
                code="password_of_our_words",
            )

    def get_help_text(self) -> str:
        return _("Not the name of this site, nor of what people do here.")
