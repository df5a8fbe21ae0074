"""The addresses of what is told to whom: messages, the bell, how somebody wants to be told."""

from django.urls import path

from notifications.views import bell, evidence, inbox, mails, messages, preferences

app_name = "notifications"
urlpatterns = [
    path("messages/", inbox.inbox, name="inbox"),
    path("contracts/<uuid:contract_id>/messages/", messages.messages, name="messages"),
    path("contracts/<uuid:contract_id>/messages/new/", messages.new_messages, name="new_messages"),
    path("contracts/<uuid:contract_id>/messages/<int:post_id>/", messages.message, name="message"),
    path("contracts/<uuid:contract_id>/messages/files/<uuid:file_id>/", messages.message_file, name="message_file"),
    path("notifications/", bell.bell, name="bell"),
    path("notifications/ringing/", bell.ringing, name="ringing"),
    path("notifications/reading/", bell.reading, name="reading"),
    path("notifications/settings/", preferences.preferences, name="preferences"),
    path("notifications/stop/<str:token>/", preferences.unsubscribe, name="unsubscribe"),
    path("staff/mails/", mails.mails, name="mails"),
    path("staff/mails/<slug:kind>/", mails.mail, name="mail"),
    path("staff/mails/<slug:kind>/html/", mails.mail_html, name="mail_html"),
    path("staff/disputes/<uuid:dispute_id>/", evidence.evidence_page, name="evidence"),
    path("staff/disputes/<uuid:dispute_id>/evidence.pdf", evidence.evidence_paper, name="evidence_pdf"),
    path("staff/disputes/<uuid:dispute_id>/files/<uuid:file_id>/", evidence.evidence_file, name="evidence_file"),
    path("notifications/<int:post_id>/", bell.notice, name="notice"),
]
