"""The errors of this room: a picture that cannot be measured."""


class PictureError(Exception):
    """A picture that cannot be read or measured; its text is one sentence and a way out."""


class UnreadError(PictureError):
    """A picture of a kind that a library reads which is not installed.

    library: the name by which it is imported.
    """

    def __init__(self, message: str, library: str) -> None:
        super().__init__(message, library)
        self.message = message
        self.library = library

    def __str__(self) -> str:
        return self.message


class CaptionerError(Exception):
    """A folder that holds no captioning model; its text is a sentence or two and a way out."""


class ContentError(Exception):
    """What a picture shows cannot be seen, for the network's weights are missing or damaged; all
    else can still be measured. Its text is one sentence and a way out."""
