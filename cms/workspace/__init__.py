"""The members' workspace: what awaits a person, and their spaces."""
