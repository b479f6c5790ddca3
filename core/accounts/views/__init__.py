"""The pages of organisations and of those who belong to them."""
