"""« Quel programme me convient ? »: rules, the questions that feed them, and their words."""
