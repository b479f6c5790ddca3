"""Search on an Elasticsearch server; nothing else of the product speaks to it."""

from search.backends.elasticsearch.engine import ElasticsearchEngine

__all__ = ["ElasticsearchEngine"]
