"""URLs that programs ask."""

from django.urls import path, re_path

from codes.api import fhir_views, pages, table_search

app_name = "api"
urlpatterns = [
    path("api/", pages.documentation, name="documentation"),
    path("api/v1/openapi.json", pages.openapi, name="openapi"),
    path("api/v1/search", table_search.table_search, name="search"),
    path("fhir/metadata", fhir_views.metadata, name="fhir_metadata"),
    path("fhir/CodeSystem", fhir_views.code_systems, name="fhir_code_systems"),
    path("fhir/CodeSystem/$lookup", fhir_views.lookup, name="fhir_lookup"),
    path("fhir/CodeSystem/$validate-code", fhir_views.validate_code, name="fhir_validate_code"),
    path("fhir/CodeSystem/<slug:system>", fhir_views.code_system, name="fhir_code_system"),
    path("fhir/ValueSet", fhir_views.value_sets, name="fhir_value_sets"),
    path("fhir/ValueSet/$expand", fhir_views.expand, name="fhir_expand"),
    path("fhir/ValueSet/<slug:system>", fhir_views.value_set, name="fhir_value_set"),
    re_path(r"^fhir/(?P<rest>.*)$", fhir_views.unknown, name="fhir_unknown"),
]
