"""The pages of search: what a person types, what is answered, suggestions."""
