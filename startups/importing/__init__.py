"""From a file of rows to facts of listings: reading, understanding, finding doubles. No writes."""
