"""What changes organisations and who belongs to them."""
