"""What is findable: documents, queries, backends, indexing."""
