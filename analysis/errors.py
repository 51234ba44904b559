"""The one error of this room: a picture that cannot be measured."""


class PictureError(Exception):
    """A picture that cannot be read or measured; its text is one sentence and a way out."""
