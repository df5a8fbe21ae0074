"""Who may do what, by address: every address by actor, method and state that matters, with the status each must get.

A new address needs a row in one of the modules `rows_…`, or `test_covered` fails.
"""
