"""The site's addresses as the demo has them, with the outbox."""

from django.urls import include, path

from marketplace.urls import urlpatterns as site

urlpatterns = [*site, path("outbox/", include("notifications.outbox_urls"))]
