"""How allauth fits into this site: mails, addresses, redirects, and the guest's counted views."""

from typing import Any
from urllib.parse import urlsplit

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.hashers import make_password
from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode

from accounts import actions, viewer
from accounts.models import User
from casepilot_site.addresses import parse

NO_ADDRESS = "0.0.0.0"  # noqa: S104 - nothing listens; stands for a peer without an address


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth publishes no types
    """The site's choices, where allauth leaves one."""

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMultiAlternatives:
        """Render ``emails/<message>/{subject.txt,body.txt,body.html}``.

        ``template_prefix`` is allauth's, such as ``account/email/password_changed``; its last part
        names the message.
        """
        folder = f"emails/{template_prefix.rsplit('/', 1)[-1]}"
        values = context | _site() | _validity()
        message = EmailMultiAlternatives(
            subject=" ".join(_plain(f"{folder}/subject.txt", values).split()),
            body=_plain(f"{folder}/body.txt", values).strip() + "\n",
            from_email=self.get_from_email(),
            to=[email] if isinstance(email, str) else email,
            headers=(headers or {}) | {"Auto-Submitted": "auto-generated"},
        )
        message.attach_alternative(render_to_string(f"{folder}/body.html", values), "text/html")
        return message

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the client's address; ClientAddressMiddleware has put it into ``REMOTE_ADDR``.

        An IPv4-mapped address comes back as IPv4: allauth counts IPv6 clients by /64, and all of
        IPv4 would be one such network. A peer without an address, such as a Unix socket, gets
        ``0.0.0.0``, so all such clients are counted together.
        """
        return str(parse(request.META.get("REMOTE_ADDR", "")) or NO_ADDRESS)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the link for a mail, at the site's own address: a request's Host can be forged."""
        path = urlsplit(super().get_reset_password_from_key_url(key)).path
        return f"{settings.SITE_URL}{path}"

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Return to the account page, where the message says what was done."""
        return reverse("accounts:account")

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign in, and take over what the visitor viewed as a guest.

        A one-time password is spent by that, and the account needs a new one.
        """
        super().login(request, user)
        guest = viewer.guest_token(request)
        if guest is not None:
            actions.adopt_guest_views(user=user, guest=viewer.guest_key(guest))
        if user.password_is_one_time:
            user.spend_one_time_password()
            update_session_auth_hash(request, user)

    def post_login(
        self, request: HttpRequest, user: User, *, redirect_url: str | None, **kwargs: Any
    ) -> HttpResponse:
        """Go where the visitor wanted to go; without a password, first to the form that sets one.

        Only ``make_admin`` makes accounts whose password is spent at the first login.
        """
        if not user.has_usable_password():
            wanted = redirect_url or self.get_login_redirect_url(request)
            redirect_url = f"{reverse('account_set_password')}?{urlencode({'next': wanted})}"
        response: HttpResponse = super().post_login(
            request, user, redirect_url=redirect_url, **kwargs
        )
        return response

    def send_account_already_exists_mail(self, email: str) -> None:
        """Tell the owner of the address, in the time that making an account would take.

        A new account costs one password hash; without one here, the time of the answer would say
        whether the address has an account.
        """
        make_password(email)
        super().send_account_already_exists_mail(email)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # as above
    """The site's wording for passkeys and authenticator apps."""

    def generate_authenticator_name(self, user: User, type: str) -> str:
        """Return the name that is offered for a new passkey; one query."""
        return f"Passkey {Authenticator.objects.filter(user=user, type=type).count() + 1}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Return what the browser's dialogue calls this site."""
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return entity | {"name": settings.SITE_NAME}


def _plain(name: str, values: dict[str, Any]) -> str:
    """Return a template's text as it is; what HTML needs escaped, plain text does not."""
    template = Engine.get_default().get_template(name)
    return str(template.render(Context(values, autoescape=False)))


def _site() -> dict[str, Any]:
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "support_email": settings.SUPPORT_EMAIL,
    }


def _validity() -> dict[str, int]:
    """Return how long codes and links in mails work, as the mails say it."""
    return {
        "code_minutes": app_settings.EMAIL_VERIFICATION_BY_CODE_TIMEOUT // 60,
        "login_code_minutes": app_settings.LOGIN_BY_CODE_TIMEOUT // 60,
        "reset_code_minutes": app_settings.PASSWORD_RESET_BY_CODE_TIMEOUT // 60,
        "link_hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
    }
