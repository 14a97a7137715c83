"""Jinja with bounds: what a template does is counted, and what differs from run to run is not told. Pure.

Time and memory are bounded by counting before the work is done: characters as they are read or made, and each
turn of a loop and each call at the price of the whole template, whose words it may say again.
"""

from collections.abc import Callable, ItemsView, Iterable, Iterator, KeysView, Mapping, ValuesView
from contextvars import ContextVar
from functools import lru_cache, wraps
from types import GeneratorType
from typing import Any

from jinja2 import StrictUndefined, Template, Undefined, nodes
from jinja2.exceptions import SecurityError
from jinja2.runtime import LoopContext, Macro
from jinja2.sandbox import SandboxedEnvironment

_MOST_WORK = 20_000_000
_STEP = 100
_MOST_BITS = 10_000
_MOST_NUMBER = 100_000
_MOST_INDENT = 8
# The first two are drawn or look into objects; the others make much of little.
_NO_FILTERS = (
    "random", "attr", "batch", "center", "format", "indent", "pprint", "slice", "striptags", "urlize",
    "wordwrap", "xmlattr",
)  # fmt: skip
_METHODS = frozenset(
    {
        "capitalize", "casefold", "changed", "count", "cycle", "endswith", "find", "get", "index", "isalnum",
        "isalpha", "isascii", "isdecimal", "isdigit", "islower", "isnumeric", "isspace", "istitle", "isupper",
        "items", "join", "keys", "lower", "lstrip", "partition", "removeprefix", "removesuffix", "replace",
        "rfind", "rindex", "rpartition", "rsplit", "rstrip", "split", "splitlines", "startswith", "strip",
        "swapcase", "title", "upper", "values",
    }
)  # fmt: skip
_SIZED = (str, list, tuple, Mapping, range, KeysView, ValuesView, ItemsView)
_PLAIN = (str, int, float, list, tuple, dict, range, Undefined, type(None))


class _Work:
    """How much one rendering may still do."""

    def __init__(self, step: int) -> None:
        self.step = step
        self._left = _MOST_WORK

    def spend(self, amount: int) -> None:
        self._left -= amount
        if self._left < 0:
            raise SecurityError("it does too much: shorten its loops or what they make")


_work: ContextVar[_Work | None] = ContextVar("work", default=None)


def _spend(amount: int = 0, *, steps: int = 0) -> None:
    # A template that is only read is at nobody's cost.
    if work := _work.get():
        work.spend(amount + steps * work.step)


class _Method:
    """A method of a value: it can be called, and not be told, since its words would hold an address."""

    def __init__(self, name: str, bound: Callable[..., Any]) -> None:
        self.name = name
        self.bound = bound

    def __repr__(self) -> str:
        raise SecurityError(f"{self.name!r} is a method; it is called as in {self.name}()")


class Sandbox(SandboxedEnvironment):
    """Where templates are read and filled."""

    # What is worked out while a template is read is counted by nobody.
    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(self) -> None:
        super().__init__(
            undefined=StrictUndefined, keep_trailing_newline=True, optimized=False, finalize=_told
        )
        self.globals = {"range": self.globals["range"]}
        self.filters = {
            name: _guarded(name, each) for name, each in self.filters.items() if name not in _NO_FILTERS
        }
        self.tests = {name: _guarded(name, each) for name, each in self.tests.items()}  # type: ignore[arg-type] # jinja2 declares mere functions
        self.filters |= {"weighed": _weighed, "counted": _counted}

    def fill(self, words: str, names: Mapping[str, Any]) -> str:
        """Fill a template. Raises SecurityError for one that does too much, and whatever else it may meet."""
        template = self._read(words)
        token = _work.set(_Work(_STEP + len(words)))
        try:
            return template.render(names)
        finally:
            _work.reset(token)

    @lru_cache(maxsize=64)  # noqa: B019 - there is one
    def _read(self, words: str) -> Template:
        tree = self.parse(words)
        for loop in list(tree.find_all(nodes.For)):
            loop.iter = _through("counted", loop.iter)
        for compare in list(tree.find_all(nodes.Compare)):
            compare.expr = _through("weighed", compare.expr)
            for operand in compare.ops:
                operand.expr = _through("weighed", operand.expr)
        for concat in list(tree.find_all(nodes.Concat)):
            concat.nodes = [_through("weighed", node) for node in concat.nodes]
        for item in list(tree.find_all(nodes.Getitem)):
            if isinstance(item.arg, nodes.Slice):
                item.node = _through("weighed", item.node)
        return self.from_string(tree)

    def getattr(self, obj: Any, attribute: str) -> Any:
        return _tamed(super().getattr(obj, attribute), attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        return _tamed(super().getitem(obj, argument), argument)

    def call(self, context: Any, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        _spend(steps=1)
        if isinstance(obj, _Method):
            return _guarded(obj.name, obj.bound)(*args, **kwargs)
        if not isinstance(obj, Macro | LoopContext) and obj is not self.globals["range"]:
            raise SecurityError(f"a {type(obj).__name__} cannot be called")
        # What a loop calls itself with is gone through as what it began with.
        given = [list(_counted(each)) for each in args] if isinstance(obj, LoopContext) else args
        return _weighed(super().call(context, obj, *given, **kwargs))

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if operator == "%" and isinstance(left, str):
            raise SecurityError("'%' is for numbers; words are joined by '~'")
        if operator == "**" and isinstance(left, int) and isinstance(right, int):
            _check_bits(left.bit_length() * right)
        if operator == "*":
            _check_product(left, right)
        if operator == "+":
            _weigh(left)
            _weigh(right)
        return super().call_binop(context, operator, left, right)


def _through(name: str, node: Any) -> nodes.Expr:
    return nodes.Filter(node, name, [], [], None, None, lineno=node.lineno)


def _tamed(value: Any, name: Any) -> Any:
    if isinstance(value, Undefined) or not callable(value):
        return value
    if name not in _METHODS:
        raise SecurityError(f"templates have no method {name!r}")
    return _Method(name, value)


def _guarded(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Let a filter, test or method read and make no more than may be."""

    is_passed = hasattr(function, "jinja_pass_arg")
    is_method = hasattr(function, "__self__")

    @wraps(function)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        _spend(steps=1)
        # Before the value may stand the context.
        given = [*args[is_passed:], *kwargs.values()]
        for each in given:
            _weigh(each)
        _check_options(name, given if is_method else given[1:])
        _check_product_of_words(name, getattr(function, "__self__", None), given)
        made = function(*args, **kwargs)
        return list(_counted(made)) if isinstance(made, GeneratorType) else _weighed(made)

    return guarded


def _check_options(name: str, options: Iterable[Any]) -> None:
    most = _MOST_INDENT if name == "tojson" else _MOST_NUMBER
    for each in options:
        if isinstance(each, int) and abs(each) > most:
            raise SecurityError(f"{name}: expected a number of at most {most}, got {str(each)[:20]}")
        if name == "sum" and isinstance(each, list | tuple):
            raise SecurityError("sum: expected numbers")


def _check_product_of_words(name: str, owner: Any, given: list[Any]) -> None:
    """Count what `replace` and `join` are about to make: their words again and again."""
    words = [each for each in (owner, *given) if isinstance(each, str)]
    if name == "replace" and len(words) >= 3:
        _spend(words[0].count(words[1]) * len(words[2]))
    if name == "join":
        parts = max((len(each) for each in given if isinstance(each, _SIZED)), default=0)
        _spend(parts * max(map(len, words), default=0))


def _check_product(left: Any, right: Any) -> None:
    if isinstance(left, int) and isinstance(right, int):
        _check_bits(left.bit_length() + right.bit_length())
    for several, times in ((left, right), (right, left)):
        if isinstance(several, str | list | tuple) and isinstance(times, int):
            _spend(len(several) * max(times, 0))


def _check_bits(bits: int) -> None:
    if bits > _MOST_BITS:
        raise SecurityError(f"a number of more than {_MOST_BITS} bits")


def _told(value: Any) -> Any:
    """Let through what has words of its own: those of anything else say where in memory it stands."""
    if not isinstance(value, _PLAIN):
        raise SecurityError(f"a {type(value).__name__} has no words")
    return _weighed(value)


def _weighed(value: Any) -> Any:
    _weigh(value)
    return value


def _weigh(value: Any) -> None:
    """Count what is in a value, and in what it holds: lists may hold one thing many times over."""
    if isinstance(value, str):
        _spend(1 + len(value))
    elif isinstance(value, Mapping):
        for key, each in value.items():
            _weigh(key)
            _weigh(each)
    elif isinstance(value, list | tuple):
        _spend(1)
        for each in value:
            _weigh(each)
    elif isinstance(value, int):
        _check_bits(value.bit_length())
        _spend(1)
    else:
        _spend(1 + len(value) if isinstance(value, _SIZED) else 1)


def _counted(values: Iterable[Any]) -> Iterator[Any]:
    for value in values:
        _spend(steps=1)
        yield value
