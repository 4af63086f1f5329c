"""Numbers as they are told in messages and on pages of decisions."""

from decimal import Decimal


def short(value: float) -> str:
    """Two significant digits, whole from 10 on; never with an exponent."""
    return f"{value:,.0f}" if abs(value) >= 10 else f"{Decimal(f'{value:.2g}'):f}"
