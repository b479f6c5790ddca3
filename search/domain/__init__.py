"""What keeps the index true, and what search keeps of people's questions."""
