"""The mock as a server: settings, command line, routes, gunicorn."""

from mockllm.serving.app import create_app
from mockllm.serving.cli import main
from mockllm.serving.settings import Settings

__all__ = ["Settings", "create_app", "main"]
