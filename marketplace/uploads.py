"""What keeps a huge upload from filling the disk, and what a full one is answered with. Knows sizes, not purposes."""

from collections.abc import Callable
from contextlib import suppress
from io import BytesIO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopFutureHandlers, TemporaryFileUploadHandler


class MeasuresWhatIsTooMuch(FileUploadHandler):
    """Of a request over UPLOAD_LIMIT the files are measured and not kept: their sizes tell the form to refuse them.

    So the rest of the form arrives, and what was typed can be shown again.
    """

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None) -> None:  # noqa: N803
        self.is_too_much = content_length > settings.UPLOAD_LIMIT

    def new_file(self, *args, **kwargs) -> None:
        super().new_file(*args, **kwargs)
        if self.is_too_much:
            raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return None if self.is_too_much else raw_data

    def file_complete(self, file_size: int) -> UploadedFile | None:
        if not self.is_too_much:
            return None
        return UploadedFile(BytesIO(), self.file_name, self.content_type, file_size, self.charset)


class KeepsOnDisk(TemporaryFileUploadHandler):
    """Without room for a file the rest of the request is let pass first: who still sends can read no answer."""

    problem: OSError | None = None

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.problem is None:
            self._try(super().receive_data_chunk, raw_data, start)

    def file_complete(self, file_size: int) -> UploadedFile | None:
        kept = None if self.problem else self._try(super().file_complete, file_size)
        if self.problem:
            with suppress(OSError):
                self.file.close()
        return kept

    def upload_complete(self) -> None:
        if self.problem:
            raise self.problem

    def _try[**Given, Answer](
        self, write: Callable[Given, Answer], *given: Given.args, **named: Given.kwargs
    ) -> Answer | None:
        try:
            return write(*given, **named)
        except OSError as problem:
            self.problem = problem
            return None
