"""The admin of rows that are looked at here and changed elsewhere."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

if TYPE_CHECKING:
    ReadOnlyModelAdmin = admin.ModelAdmin[Any]
else:
    ReadOnlyModelAdmin = admin.ModelAdmin


class ReadOnlyAdmin(ReadOnlyModelAdmin):
    """Rows that are looked at here and changed elsewhere."""

    actions = None
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nothing is added by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is changed by hand."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is removed by hand."""
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let those look who may view or change the model."""
        names = [
            f"{self.opts.app_label}.{step}_{self.opts.model_name}" for step in ("view", "change")
        ]
        return any(request.user.has_perm(name) for name in names)
