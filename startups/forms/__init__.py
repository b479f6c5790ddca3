"""What the directory's pages take from people."""
