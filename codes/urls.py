"""URLs of Case2Code."""

from django.urls import path, re_path

from codes import change_views, fact_change_views, modifier_views, views
from codes.sections import BY_SLUG

app_name = "codes"
# Printed codes and headings: what PostgreSQL cannot hold (NUL) or no code is (too long) is 404.
urlpatterns = [
    path("search/", views.search, name="search"),
    path("modifiers/", modifier_views.modifier_list, name="modifiers"),
    re_path(r"^modifiers/(?P<modifier>[0-9A-Za-z]{2})/$", modifier_views.modifier, name="modifier"),
    path("ncci-check/", views.ncci_check, name="ncci_check"),
    path("codes/", views.index, name="index"),
    path("changes/", fact_change_views.changes_index, name="changes_index"),
    path("changes/<int:release>/", fact_change_views.fact_changes_page, name="fact_changes"),
    path("codes/<slug:system>/", views.system, name="system"),
    # Before the code page: no code is printed “changes”.
    path("codes/<slug:system>/changes/", change_views.system_changes, name="system_changes"),
    path(
        "codes/<slug:system>/changes/feed.atom",
        change_views.ChangesFeed(),
        name="changes_feed",
    ),
    path(
        "codes/<slug:system>/changes/<int:release>/",
        change_views.release_changes,
        name="release_changes",
    ),
    re_path(
        r"^codes/(?P<system>[-\w]+)/(?P<kind>chapter|section|category)/(?P<key>[^/\x00]{1,60})/$",
        views.node,
        name="node",
    ),
    re_path(r"^codes/(?P<system>[-\w]+)/(?P<code>[^/\x00]{1,60})/$", views.code_page, name="code"),
    re_path(
        rf"^codes/(?P<system>[-\w]+)/(?P<code>[^/\x00]{{1,60}})/(?P<section>{'|'.join(BY_SLUG)})/$",
        views.section_page,
        name="section",
    ),
]
