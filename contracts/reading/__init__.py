"""What the pages show: values that are looked up and worked out for reading. Writes nothing, knows no request."""
