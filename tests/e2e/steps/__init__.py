"""The walk's steps, by the hands that take them."""
