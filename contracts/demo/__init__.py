"""The demo: people and contracts that are believable, lived through operations. Knows no page and no request."""
