"""The addresses of teams, within those of people."""

from django.urls import path

from marketplace.teams import answering, views

urlpatterns = [
    path("parties/<uuid:party_id>/team/", views.team, name="team"),
    path("parties/<uuid:party_id>/team/invitations/", views.invite, name="invite"),
    path(
        "parties/<uuid:party_id>/team/invitations/<uuid:invitation_id>/mail/", views.invite_again, name="invite_again"
    ),
    path(
        "parties/<uuid:party_id>/team/invitations/<uuid:invitation_id>/withdrawal/",
        views.revoke,
        name="revoke_invitation",
    ),
    path("parties/<uuid:party_id>/team/leaving/", views.leaving, name="leave_team"),
    path("parties/<uuid:party_id>/team/<int:user_id>/", views.member, name="team_member"),
    path("parties/<uuid:party_id>/team/<int:user_id>/removal/", views.removal, name="team_removal"),
    path("invitations/<str:token>/", answering.invitation, name="invitation"),
]
