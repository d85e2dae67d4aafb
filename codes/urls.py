"""URLs of Case2Code."""

from django.urls import path, re_path

from codes import views

app_name = "codes"
urlpatterns = [
    path("search/", views.search, name="search"),
    path("codes/", views.index, name="index"),
    path("codes/<slug:system>/", views.system, name="system"),
    re_path(
        r"^codes/(?P<system>[-\w]+)/(?P<kind>chapter|section|category)/(?P<key>[^/]+)/$",
        views.node,
        name="node",
    ),
    path("codes/<slug:system>/<str:code>/", views.code_page, name="code"),
]
