"""The address at which a browser hears of news, one for each user, so that no browser hears another's."""

from django.urls import path

from notifications.live import views

app_name = "live"
urlpatterns = [path("<int:user_id>/", views.news, name="news")]
