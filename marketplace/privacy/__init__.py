"""What is kept of a person, and their two wishes about it: to have it, and to have it gone. Knows no contract."""
