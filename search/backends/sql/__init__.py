"""What the two databases have in common.

Each generation has its tables for each language, made and dropped by it: ``entry`` holds what is
filtered, ordered and counted by, narrow; ``kept`` the documents as shown; ``place`` where they
are; ``combination`` the sets of facet values; ``word`` how many documents have a word; ``gone``
the positions of deletions. A database adds its own tables or columns of tokens.
"""
