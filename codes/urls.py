"""URLs of Case2Code."""

from django.urls import path, re_path
from django.views.decorators.http import require_safe

from codes import (
    case_views,
    change_views,
    drg_views,
    fact_change_views,
    list_views,
    modifier_views,
    search_views,
    shared_list_views,
    views,
)
from codes.list_files import FILES
from codes.sections import BY_SLUG

app_name = "codes"
_FILES = "|".join(FILES).replace(".", r"\.")
# Printed codes and headings: what PostgreSQL cannot hold (NUL) or no code is (too long) is 404.
urlpatterns = [
    path("search/", search_views.search, name="search"),
    path("search/suggest/", search_views.suggest, name="suggest"),
    path("case2code/", case_views.case2code, name="case2code"),
    path("case2code/list/", case_views.case_list, name="case_list"),
    path("modifiers/", modifier_views.modifier_list, name="modifiers"),
    re_path(r"^modifiers/(?P<modifier>[0-9A-Za-z]{2})/$", modifier_views.modifier, name="modifier"),
    path("ms-drg/", drg_views.drg_list, name="drgs"),
    re_path(r"^ms-drg/(?P<number>[0-9]{1,3})/$", drg_views.drg, name="drg"),
    path("ncci-check/", views.ncci_check, name="ncci_check"),
    path("lists/", list_views.lists, name="lists"),
    path("lists/add/", list_views.list_add, name="list_add"),
    re_path(
        r"^lists/shared/(?P<token>[-\w]{32,64})/$",
        shared_list_views.shared_list,
        name="shared_list",
    ),
    re_path(
        rf"^lists/shared/(?P<token>[-\w]{{32,64}})/(?P<file>{_FILES})$",
        shared_list_views.shared_list_export,
        name="shared_list_export",
    ),
    path("lists/<int:pk>/", list_views.list_page, name="list"),
    path("lists/<int:pk>/edit/", list_views.list_edit, name="list_edit"),
    path("lists/<int:pk>/delete/", list_views.list_delete, name="list_delete"),
    path("lists/<int:pk>/codes/<int:entry>/", list_views.list_entry, name="list_entry"),
    re_path(
        rf"^lists/(?P<pk>[0-9]{{1,18}})/(?P<file>{_FILES})$",
        list_views.list_export,
        name="list_export",
    ),
    path("codes/", views.index, name="index"),
    path("changes/", fact_change_views.changes_index, name="changes_index"),
    path(
        "changes/feed.atom",
        require_safe(fact_change_views.FactChangesFeed()),
        name="fact_changes_feed",
    ),
    path("changes/<int:release>/", fact_change_views.fact_changes_page, name="fact_changes"),
    path("codes/<slug:system>/", views.system, name="system"),
    # Before the code page: no code is printed “changes”.
    path("codes/<slug:system>/changes/", change_views.system_changes, name="system_changes"),
    path(
        "codes/<slug:system>/changes/feed.atom",
        require_safe(change_views.ChangesFeed()),
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
