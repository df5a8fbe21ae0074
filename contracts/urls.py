"""The addresses of My Jobs and the contract room."""

from django.urls import path

from contracts.views import activity, editor, jobs, milestones, room

app_name = "contracts"
urlpatterns = [
    path("jobs/", jobs.jobs, name="jobs"),
    path("contracts/<uuid:contract_id>/", room.room, name="room"),
    path("contracts/<uuid:contract_id>/activity/", activity.activity, name="activity"),
    path("contracts/<uuid:contract_id>/activity/comparison/", activity.comparison, name="comparison"),
    path("contracts/<uuid:contract_id>/terms/", room.terms, name="terms"),
    path("contracts/<uuid:contract_id>/milestones/", editor.milestones, name="milestones"),
    path("contracts/<uuid:contract_id>/milestones/changes/", editor.changes, name="changes"),
    path("contracts/<uuid:contract_id>/milestones/draft/", editor.draft, name="draft"),
    path("contracts/<uuid:contract_id>/milestones/new/", milestones.new_milestone, name="new_milestone"),
    path("contracts/<uuid:contract_id>/milestones/row/", editor.new_row, name="new_row"),
    path("contracts/<uuid:contract_id>/milestones/<uuid:key>/", editor.row, name="row"),
]
