"""What the law on personal information lets a person ask, and what the city must keep."""
