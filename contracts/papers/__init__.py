"""Statements and invoices as files: what is on them is read elsewhere. Knows no request."""
