"""The newest real message of each event of the directory, made from the records it told of."""
