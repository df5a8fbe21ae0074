"""Amounts as people type them: what is read, what is refused, and that nothing is ever guessed."""

from decimal import Decimal

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from escrow.money import AmountField, MoneyField, parse_amount

REFUSED = {
    "nothing": "",
    "three decimals": "5.001",
    "a negative": "-5",
    "a plus sign": "+5",
    "an exponent": "1e3",
    "an underscore": "5_0",
    "a negative exponent": "500e-2",
    "an Arabic digit": "\N{ARABIC-INDIC DIGIT FIVE}",
    "a full-width digit": "\N{FULLWIDTH DIGIT FIVE}",
    "a superscript": "5²",
    "not a number": "NaN",
    "endless": "Infinity",
    "hexadecimal": "0x10",
    "a comma for a point": "5,00",
    "a comma out of place": "1,0000",
    "a comma after the point": "1.00,0",
    "two points": "5.0.0",
    "a point alone": ".",
    "no whole part": ".50",
    "no cents after the point": "5.",
    "a space within": "1 000",
    "two amounts": "5\n6",
    "another currency": "€5",
    "words": "five",
    "a formula": "=5+5",
    "a null character": "5\x00",
    "400 nines": "9" * 400,
    "10,000 digits": "1" * 10_000,
    "an invisible character": "5\u200b0",
}

READ = {
    "5": "5.00",
    "5.0": "5.00",
    "5.00": "5.00",
    "5.5": "5.50",
    " 5 ": "5.00",
    "\t5\t": "5.00",
    "$5": "5.00",
    "$ 5.25": "5.25",
    "1,200.50": "1200.50",
    "1,000,000": "1000000.00",
    "1000000.00": "1000000.00",
    "007": "7.00",
}


def field(**options) -> AmountField:
    return AmountField(minimum=Decimal("5.00"), maximum=Decimal("1000000.00"), **options)


@pytest.mark.parametrize(("typed", "amount"), READ.items())
def test_b02_an_amount_is_read_to_the_cent(typed, amount):
    read = field().clean(typed)
    assert str(read) == amount


@pytest.mark.parametrize("typed", REFUSED.values(), ids=REFUSED.keys())
def test_b02_what_is_not_plainly_an_amount_is_refused_with_a_message(typed):
    with pytest.raises(forms.ValidationError) as refused:
        field().clean(typed)
    (message,) = refused.value.messages
    assert message.endswith(".")
    assert len(message) < 120


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("4.99", "The least amount is $5.00."),
        ("0", "The least amount is $5.00."),
        ("0.00", "The least amount is $5.00."),
        ("1000000.01", "The largest amount is $1,000,000.00."),
        ("999999999999", "The largest amount is $1,000,000.00."),
        ("5,00", "Enter an amount in dollars and cents, such as 250 or 1,250.50."),
    ],
)
def test_b02_the_message_says_what_to_do(typed, message):
    with pytest.raises(forms.ValidationError) as refused:
        field().clean(typed)
    assert refused.value.messages == [message]


@pytest.mark.parametrize("amount", ["5.00", "5.01", "999999.99", "1000000.00"])
def test_b02_the_limits_themselves_are_amounts(amount):
    assert field().clean(amount) == Decimal(amount)


def test_an_amount_that_is_not_required_may_be_left_out():
    assert field(required=False).clean("") is None


@given(st.decimals("5.00", "1000000.00", places=2))
def test_every_amount_within_the_limits_is_read_as_it_is_written(amount):
    assert field().clean(f"{amount:.2f}") == amount
    assert field().clean(f"{amount:,.2f}") == amount


@given(st.text(max_size=40))
def test_whatever_is_typed_is_an_amount_or_refused(text):
    try:
        amount = parse_amount(text)
    except forms.ValidationError:
        return
    assert amount == amount.quantize(Decimal("0.01"))
    assert text.isascii()
    assert amount >= 0


def test_a_column_of_money_holds_dollars_and_cents():
    column = MoneyField()
    assert (column.max_digits, column.decimal_places) == (12, 2)
    name, path, args, options = MoneyField("price").deconstruct()
    assert (name, path, args) == (None, "escrow.money.MoneyField", [])
    assert options["verbose_name"] == "price"
