"""What keeps the index true, and what changes what search keeps of people's wishes."""
