"""The service's WSGI entry."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.production")
application = get_wsgi_application()
# What start-up made lives as long as the process: the collector need not walk it at each page.
gc.collect()
gc.freeze()
