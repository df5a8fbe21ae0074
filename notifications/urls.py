"""The addresses of what is told to whom: messages, the bell, how somebody wants to be told."""

from django.urls import path

from notifications.views import bell, preferences

app_name = "notifications"
urlpatterns = [
    path("notifications/", bell.bell, name="bell"),
    path("notifications/ringing/", bell.ringing, name="ringing"),
    path("notifications/reading/", bell.reading, name="reading"),
    path("notifications/settings/", preferences.preferences, name="preferences"),
    path("notifications/stop/<str:token>/", preferences.unsubscribe, name="unsubscribe"),
    path("notifications/<int:post_id>/", bell.notice, name="notice"),
]
