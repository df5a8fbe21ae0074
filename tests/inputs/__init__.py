"""What is typed, forged and flooded, against every form and address (reliability.md, inputs). Data first, tests beside.

A new address that takes a post needs an entry in one of the `places_…` modules, or `test_covered` fails.
"""

from tests.inputs import places_money, places_people, places_plan
from tests.inputs.places import PLACES

__all__ = ["PLACES", "places_money", "places_people", "places_plan"]
