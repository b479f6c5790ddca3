"""On one's own machine: what ``make run`` uses."""

from cms.settings import environment
from cms.settings._apply import derived
from cms.settings.base import *

ENV = environment.read(debug=True, allowed_hosts=["*"])
globals().update(derived(ENV))
INTERNAL_IPS = ["127.0.0.1"]
