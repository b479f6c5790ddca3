"""Lists of records: board, directories, search. They ask the port of search, hence this floor."""
