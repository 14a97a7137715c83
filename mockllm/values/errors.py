"""The one way this server refuses a request: a status and OpenAI's error body."""


class ApiError(Exception):
    """A refusal. `param` names the offending field in OpenAI's notation, such as `messages[0].role`.

    Where several are named at once, as Google does, `violations` holds each with its sentence.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        kind: str = "invalid_request_error",
        param: str | None = None,
        code: str | None = None,
        headers: tuple[tuple[str, str], ...] = (),
        violations: tuple[tuple[str, str], ...] = (),
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.kind = kind
        self.param = param
        self.code = code
        self.headers = headers
        self.violations = violations
        # Whose words it is told in; OpenAI's, if nobody is named.
        self.dialect = ""
