"""The URLs of the whole site; each app lists its own."""

from django.contrib import admin
from django.contrib.sitemaps import views as sitemap_views
from django.urls import include, path

from casepilot_site import views
from codes.sitemaps import SITEMAPS

urlpatterns = [
    path("", views.home, name="home"),
    path("health/", views.health, name="health"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", sitemap_views.index, {"sitemaps": SITEMAPS}, name="sitemap"),
    path(
        "sitemap-<section>.xml",
        sitemap_views.sitemap,
        {"sitemaps": SITEMAPS},
        name="django.contrib.sitemaps.views.sitemap",
    ),
    path("casepilot/", views.product, {"slug": "casepilot"}, name="casepilot"),
    path("caseconsultant/", views.product, {"slug": "caseconsultant"}, name="caseconsultant"),
    path("careercenter/", views.product, {"slug": "careercenter"}, name="careercenter"),
    path("account/", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("", include("codes.urls")),
]

handler400 = "casepilot_site.views.bad_request"
handler403 = "casepilot_site.views.forbidden"
handler404 = "casepilot_site.views.not_found"
handler500 = "casepilot_site.views.server_error"
