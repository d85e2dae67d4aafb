"""The URLs of the whole site; each app lists its own."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.sitemaps import views as sitemap_views
from django.urls import include, path

from accounts import demo_mail
from assistant import views as assistant_views
from casepilot_site import views
from casepilot_site.sitemaps import SITEMAPS

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
    path("casepilot/", assistant_views.casepilot, name="casepilot"),
    path("", include("assistant.urls")),
    path("caseconsultant/", views.product, {"slug": "caseconsultant"}, name="caseconsultant"),
    path("careercenter/", views.product, {"slug": "careercenter"}, name="careercenter"),
    path("account/", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("demo/mail/", demo_mail.mailbox, name="demo_mail"),
    # allauth's login, with its limits and second factors, is the only way into the admin.
    path("admin/login/", secure_admin_login(admin.site.login)),
    path("admin/", admin.site.urls),
    path("", include("codes.api.urls")),
    path("", include("codes.urls")),
]

handler400 = "casepilot_site.views.bad_request"
handler403 = "casepilot_site.views.forbidden"
handler404 = "casepilot_site.views.not_found"
handler429 = "casepilot_site.views.too_many_requests"  # allauth's limits; Django knows no 429
handler500 = "casepilot_site.views.server_error"
