"""What the mock serves beside answers: health, rules of a test, models, what pages of browsers ask first."""

from mockllm.serving.routes.browsers import let_browsers_ask
from mockllm.serving.routes.health import add_health_routes
from mockllm.serving.routes.models import add_model_routes
from mockllm.serving.routes.rules import add_rule_routes

__all__ = [
    "add_health_routes",
    "add_model_routes",
    "add_rule_routes",
    "let_browsers_ask",
]
