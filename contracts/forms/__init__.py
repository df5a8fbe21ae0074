"""What people post about contracts, cleaned. Forms know plan values and refusals of single values, and no request."""
