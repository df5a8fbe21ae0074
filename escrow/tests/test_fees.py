"""The service fee and the initiation fee: by default, to the cent, and never a cent too many."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escrow import fees
from escrow.fees import Fees, Shares, share

D = Decimal
RATE = D("0.10")


def test_b23_by_default_a_tenth_and_4_95():
    assert fees.current() == Fees(D("0.10"), D("4.95"))


@pytest.mark.parametrize(
    ("gross", "fee", "net"),
    [
        ("100.00", "10.00", "90.00"),
        ("0.01", "0.00", "0.01"),
        ("0.04", "0.00", "0.04"),
        ("0.05", "0.01", "0.04"),  # half a cent goes up
        ("0.15", "0.02", "0.13"),
        ("0.25", "0.03", "0.22"),  # up, not to the even one
        ("99.99", "10.00", "89.99"),
        ("33.33", "3.33", "30.00"),
        ("1000000.00", "100000.00", "900000.00"),
    ],
)
def test_b23_the_fee_is_rounded_half_up_and_net_is_the_rest(gross, fee, net):
    assert share(D(gross), RATE) == Shares(D(gross), D(fee), D(net))


@given(st.decimals("0.01", "1000000.00", places=2), st.decimals("0", "0.99", places=4))
def test_i07_gross_is_net_and_fee_and_the_fee_is_the_nearest_cent(gross, rate):
    shares = share(gross, rate)
    assert shares.net + shares.fee == gross == shares.gross
    assert min(shares.fee, shares.net) >= 0
    error = Fraction(shares.fee) - Fraction(gross) * Fraction(rate)
    assert -Fraction(1, 200) < error <= Fraction(1, 200)


@pytest.mark.parametrize(("service", "initiation"), [("1", "4.95"), ("-0.1", "4.95"), ("0.1", "-1"), ("0.1", "4.955")])
def test_fees_that_make_no_sense_are_refused(settings, service, initiation):
    settings.SERVICE_FEE, settings.INITIATION_FEE = D(service), D(initiation)
    with pytest.raises(ValueError, match="no fees"):
        fees.current()
