"""What staff do about money and accounts: each act once, with a reason, and above a limit by two people."""
