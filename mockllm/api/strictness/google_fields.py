"""The fields that Gemini's `generateContent` knows, as its own client sends them (google-genai 3.6). Pure.

What else a body holds is refused as Google's servers do: each by its name, with the place of its message. So
are schemas with words that are JSON Schema's and not Google's (`additionalProperties` in a `responseSchema`).
"""

import re
from collections.abc import Iterator
from typing import Any

from mockllm.api.reading import camel_case, snake_case
from mockllm.values import ApiError

_METHOD = re.compile(r"/v1(?:beta)?/models/.+:(\w+)")
_MESSAGES = {
    "generateContent": "Request",
    "streamGenerateContent": "Request",
    "countTokens": "CountTokensRequest",
    "embedContent": "EmbedContentRequest",
    "batchEmbedContents": "BatchEmbedContentsRequest",
}
_FIELDS = {
    "Request": """
        model contents:Content systemInstruction:Content tools:Tool toolConfig:ToolConfig labels store mock
        safetySettings:SafetySetting generationConfig:GenerationConfig cachedContent continuationToken
        serviceTier
    """,
    "CountTokensRequest": "model contents:Content generateContentRequest:Request mock",
    "EmbedContentRequest": """
        model content:Content taskType title outputDimensionality embedContentConfig mock
    """,
    "BatchEmbedContentsRequest": "model requests:EmbedContentRequest mock",
    "Content": "parts:Part role",
    "Part": """
        text thought thoughtSignature inlineData:Blob fileData:FileData functionCall:FunctionCall
        functionResponse:FunctionResponse executableCode:ExecutableCode videoMetadata:VideoMetadata
        codeExecutionResult:CodeExecutionResult toolCall toolResponse partMetadata mediaResolution
        audioTranscription mediaProcessing speechMetadata documentMetadata spreadsheetMetadata audioMetadata
    """,
    "Blob": "mimeType data displayName",
    "FileData": "mimeType fileUri displayName",
    "FunctionCall": "id name args",
    "FunctionResponse": "id name response parts willContinue scheduling",
    "ExecutableCode": "id language code",
    "CodeExecutionResult": "id outcome output",
    "VideoMetadata": "startOffset endOffset fps contentLayers",
    "Tool": """
        functionDeclarations:FunctionDeclaration googleSearch googleSearchRetrieval googleMaps codeExecution
        urlContext fileSearch computerUse mcpServers
    """,
    "FunctionDeclaration": """
        name description parameters:Schema parametersJsonSchema response:Schema responseJsonSchema behavior
    """,
    "ToolConfig": """
        functionCallingConfig:FunctionCallingConfig retrievalConfig includeServerSideToolInvocations
    """,
    "FunctionCallingConfig": "mode allowedFunctionNames",
    "SafetySetting": "category threshold",
    "GenerationConfig": """
        candidateCount stopSequences maxOutputTokens temperature topP topK seed presencePenalty
        frequencyPenalty responseLogprobs logprobs responseMimeType responseSchema:Schema responseJsonSchema
        _responseJsonSchema responseFormat responseModalities speechConfig thinkingConfig:ThinkingConfig
        mediaResolution imageConfig enableEnhancedCivicAnswers audioTranscriptionConfig translationConfig
        enableAffectiveDialog
    """,
    "ThinkingConfig": "includeThoughts thinkingBudget thinkingLevel",
    "Schema": """
        type format title description nullable enum items:Schema minItems maxItems properties:Schema{}
        required minProperties maxProperties minLength maxLength minimum maximum pattern example
        anyOf:Schema default propertyOrdering
    """,
}
FIELDS = {
    message: {name: inner for name, _, inner in (field.partition(":") for field in fields.split())}
    for message, fields in _FIELDS.items()
}
"""Of each message its fields; behind a field the message that it holds, one or many, or nothing."""


def message_at(path: str) -> str | None:
    """Return the message that a method of Gemini's takes, if the path is one's."""
    method = _METHOD.fullmatch(path)
    return _MESSAGES.get(method[1]) if method else None


def check_google_fields(given: Any, message: str) -> None:
    """Refuse what is no field of a message. Raises ApiError, which names all that are none."""
    unknown = list(_unknown(given, message, ""))
    if not unknown:
        return
    violations = tuple((at, _cannot_find(name, at)) for at, name in unknown)
    raise ApiError(400, "\n".join(said for _, said in violations), violations=violations)


def _cannot_find(name: str, at: str) -> str:
    place = f" at '{at}'" if at else ""
    return f'Invalid JSON payload received. Unknown name "{name}"{place}: Cannot find field.'


def _unknown(given: Any, message: str, at: str) -> Iterator[tuple[str, str]]:
    """Yield where something unknown stands, and its name."""
    if not isinstance(given, dict):
        return
    for name, value in given.items():
        field = camel_case(name)
        if field not in FIELDS[message]:
            yield at, name
        elif inner := FIELDS[message][field]:
            place = f"{at}.{snake_case(field)}" if at else snake_case(field)
            for where, each in _messages(value, place, is_map=inner.endswith("{}")):
                yield from _unknown(each, inner.removesuffix("{}"), where)


def _messages(value: Any, place: str, *, is_map: bool) -> Iterator[tuple[str, Any]]:
    if is_map and isinstance(value, dict):
        yield from ((f"{place}[{index}].value", each) for index, each in enumerate(value.values()))
    elif isinstance(value, list):
        yield from ((f"{place}[{index}]", each) for index, each in enumerate(value))
    else:
        yield place, value
