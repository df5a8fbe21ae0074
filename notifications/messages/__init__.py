"""What people write to each other about a contract: written, kept, read. Knows no bell and no email."""
