"""The field in which files are chosen. What may be in them is checked where they are stored."""

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from contracts.file_types import TYPES
from contracts.models import FILE_SIZE, FILES


class FilesInput(forms.FileInput):
    """A control that takes several files at once."""

    allow_multiple_selected = True

    def value_from_datadict(self, data, files, name) -> list[UploadedFile]:
        return files.getlist(name) if files else []


class FilesField(forms.Field):
    """Several files, or none; its value is a list of uploads that nobody has looked into."""

    help = _("Up to {files}, each up to {size} MB: {types}. Anything else fits into a zip archive.")

    def __init__(self) -> None:
        super().__init__(
            label=_("Files"),
            required=False,
            help_text=format_lazy(self.help, files=FILES, size=FILE_SIZE // 1024 // 1024, types=", ".join(TYPES)),
            widget=FilesInput(attrs={"accept": ",".join(f".{extension}" for extension in TYPES)}),
        )
