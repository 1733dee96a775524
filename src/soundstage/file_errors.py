"""The branch of the error tree for files that callers bring, or may not have. Its root is in `errors.py`.

StorageError
  FileForbidden             the file's ACL or a link's signature says no
  FileTooLarge              more bytes than a file may have
  UploadIncomplete          the parts of an upload do not make the file
"""

from __future__ import annotations

from soundstage.errors import StorageError


class FileForbidden(StorageError):
    """Whoever asks may not have this file: the message says what would open it."""

    kind = "file_forbidden"
    retryable = False


class FileTooLarge(StorageError):
    """More bytes than a file may have: the message has both numbers."""

    kind = "file_too_large"
    retryable = False

    def __init__(self, message: str, *, max_bytes: int) -> None:
        super().__init__(message)
        self.max_bytes = max_bytes


class UploadIncomplete(StorageError):
    """The parts that were named do not make the file: the message names the part and what to do."""

    kind = "upload_incomplete"
    retryable = False
