"""The team of a client or an agency: who acts for it, who is invited, who decides about that. Knows no contract."""
