# docker build --target app -t first-token .        the chat app, on port 8000
# docker build --target mockllm -t mockllm .        the mock alone, on port 8001
ARG PYTHON=3.13
FROM python:${PYTHON}-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python3 -m venv /venv
# Before the code, which changes more often.
COPY requirements.txt /build/
RUN /venv/bin/python -m pip install --require-hashes -r /build/requirements.txt

FROM python:${PYTHON}-slim AS base
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
COPY --from=build /venv /venv
# A number, which Kubernetes needs in order to see that it is not root.
USER 10001:10001
STOPSIGNAL SIGTERM

FROM base AS mockllm
LABEL org.opencontainers.image.title="mockllm" \
      org.opencontainers.image.description="A deterministic mock of the OpenAI API" \
      org.opencontainers.image.licenses="MIT"
COPY mockllm /app/mockllm
ENV HOST=0.0.0.0 PORT=8001
EXPOSE 8001
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f\"http://127.0.0.1:{os.environ['PORT']}/healthz\", timeout=2)"]
CMD ["python", "-m", "mockllm"]

FROM base AS app
LABEL org.opencontainers.image.title="First Token" \
      org.opencontainers.image.description="A chat app that streams an LLM's answer while it is being written" \
      org.opencontainers.image.licenses="MIT"
COPY webapp /app/webapp
# With PORT and without HOST the app listens on all interfaces, IPv6 among them.
ENV PORT=8000
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f\"http://127.0.0.1:{os.environ['PORT']}/healthz\", timeout=2)"]
CMD ["python", "-m", "webapp"]
