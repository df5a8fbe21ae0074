"""The addresses of My Jobs and the contract room."""

from django.urls import path

from contracts.views import activity, balance, editor, jobs, methods, milestones, payments, room

app_name = "contracts"
urlpatterns = [
    path("jobs/", jobs.jobs, name="jobs"),
    path("balance/", balance.balance, name="balance"),
    path("balance/withdrawal/", balance.withdrawal, name="withdrawal"),
    path("payments/", payments.payments, name="payments"),
    path("payment-methods/", methods.methods, name="methods"),
    path("payment-methods/<int:method_id>/default/", methods.method_default, name="method_default"),
    path("payment-methods/<int:method_id>/removal/", methods.method_removal, name="method_removal"),
    path("offers/new/", offers.new_offer, name="new_offer"),
    path("offers/new/row/", offers.offer_row, name="offer_row"),
    path("contracts/<uuid:contract_id>/", room.room, name="room"),
    path("contracts/<uuid:contract_id>/offer/", offer_changes.offer, name="offer"),
    path("contracts/<uuid:contract_id>/deposit/", deposits.deposit, name="deposit"),
    path("contracts/<uuid:contract_id>/withdrawal/", deposits.withdrawal_of_offer, name="withdrawal_of_offer"),
    path("contracts/<uuid:contract_id>/answer/", answer.answer, name="answer"),
    path("contracts/<uuid:contract_id>/members/", members.members, name="members"),
    path("contracts/<uuid:contract_id>/follow-on/", follow_on.follow_on, name="follow_on"),
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
