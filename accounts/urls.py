"""URLs of the viewer's own account; allauth has its own under /accounts/."""

from django.urls import path

from accounts import token_views, views

app_name = "accounts"
urlpatterns = [
    path("", views.account, name="account"),
    path("export/", views.export, name="export"),
    path("delete/", views.delete, name="delete"),
    path("tokens/", token_views.tokens, name="tokens"),
    path("tokens/<int:token>/delete/", token_views.delete_token, name="delete_token"),
]
