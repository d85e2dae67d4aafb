"""URLs of CasePilot; ``/casepilot/`` itself is named in casepilot_site/urls.py."""

from django.urls import path

from assistant import api, views

app_name = "assistant"
urlpatterns = [
    path("casepilot/history/", views.history, name="history"),
    path("casepilot/history/delete/", views.delete_history, name="delete_history"),
    path("casepilot/api/", api.documentation, name="api"),
    path("casepilot/<uuid:pk>/", views.conversation, name="conversation"),
    path("casepilot/<uuid:pk>/delete/", views.delete_conversation, name="delete_conversation"),
    path("casepilot/answers/<uuid:pk>/feedback/", views.feedback, name="feedback"),
    path("casepilot/answers/<uuid:pk>/text/", views.turn_text, name="turn_text"),
    path("api/v1/ask", api.ask, name="ask"),
    path("api/v1/ask/openapi.json", api.openapi, name="openapi"),
]
