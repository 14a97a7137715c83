"""Routers and proxies of Debian's packages, each as it comes and as docs/deploy.md advises."""

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from loadtests.rig import free_port, listens, running
from tests.hosts.parts import MissingPartError, debian_packages
from tests.programs import SEARCHED

START_SECONDS = 15.0

NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.txt;
events {{ worker_connections 256; }}
http {{
  access_log off; gzip on; tcp_nopush on;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{ listen 127.0.0.1:{port}; {extra} location / {{ proxy_pass http://127.0.0.1:{app}; }} }}
}}
"""
NGINX_ADVISED = """
    proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $host;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; proxy_set_header X-Forwarded-Proto $scheme;
    client_max_body_size 2m;
"""
HAPROXY = """
global
  maxconn 256
defaults
  mode http
  timeout connect 5s
  timeout client 50s
  timeout server 50s
{extra}
frontend app
  bind 127.0.0.1:{port}
  default_backend app
backend app
  server app 127.0.0.1:{app}
"""
HAPROXY_ADVISED = "  option http-no-delay\n  option forwardfor"
APACHE = """
ServerRoot /usr/lib/apache2
PidFile {folder}/httpd.pid
Listen 127.0.0.1:{port}
ServerName localhost
ErrorLog {folder}/error.txt
LoadModule mpm_event_module modules/mod_mpm_event.so
LoadModule authz_core_module modules/mod_authz_core.so
LoadModule proxy_module modules/mod_proxy.so
LoadModule proxy_http_module modules/mod_proxy_http.so
LoadModule filter_module modules/mod_filter.so
LoadModule deflate_module modules/mod_deflate.so
LoadModule env_module modules/mod_env.so
LoadModule reqtimeout_module modules/mod_reqtimeout.so
RequestReadTimeout header=20-40,minrate=500
RequestReadTimeout body=10,minrate=500
AddOutputFilterByType DEFLATE text/html text/plain text/xml text/css text/javascript application/json text/event-stream
{extra}
"""
APACHE_DEFAULT = "ProxyPass / http://127.0.0.1:{app}/"
APACHE_ADVISED = "SetEnv no-gzip 1\nProxyPass / http://127.0.0.1:{app}/ flushpackets=on"
CADDY = """
{{
  admin off
  auto_https off
}}
http://127.0.0.1:{port} {{
  bind 127.0.0.1
  encode gzip
  reverse_proxy 127.0.0.1:{app} {{
    {extra}
  }}
}}
"""
VARNISH = """
vcl 4.1;
backend default {{ .host = "127.0.0.1"; .port = "{app}"; }}
{extra}
"""
VARNISH_ADVISED = """
sub vcl_recv { if (req.method == "POST") { return (pipe); } }
sub vcl_pipe { set bereq.http.Connection = "close"; }
"""


@dataclass(frozen=True)
class Proxy:
    """A package, the command that runs it on a configuration, and the two ways to set it up."""

    name: str
    package: str
    program: str
    arguments: tuple[str, ...]
    template: str
    default: str
    advised: str
    advice: str


PROXIES = (
    Proxy("nginx", "nginx-light", "nginx", ("-p", "{folder}", "-e", "stderr", "-c", "{file}"),
          NGINX, "", NGINX_ADVISED, "`proxy_http_version 1.1`, `client_max_body_size 2m`"),
    Proxy("HAProxy", "haproxy", "haproxy", ("-db", "-f", "{file}"),
          HAPROXY, "", HAPROXY_ADVISED, "`option http-no-delay`"),
    Proxy("Apache", "apache2", "apache2", ("-D", "FOREGROUND", "-f", "{file}"),
          APACHE, APACHE_DEFAULT, APACHE_ADVISED, "`flushpackets=on`, `SetEnv no-gzip 1`"),
    Proxy("Caddy", "caddy", "caddy", ("run", "--config", "{file}", "--adapter", "caddyfile"),
          CADDY, "", "flush_interval -1", "`flush_interval -1`"),
    Proxy("Varnish", "varnish", "varnishd",
          ("-F", "-j", "none", "-a", "127.0.0.1:{port}", "-f", "{file}", "-n", "{folder}/work"),
          VARNISH, "", VARNISH_ADVISED, "`return (pipe)` for POST"),
)  # fmt: skip


@contextlib.contextmanager
def proxy_before(proxy: Proxy, app: int, folder: Path, *, advised: bool) -> Iterator[int]:
    """Run a proxy before the app; the port where it answers. Raises MissingPartError and StartError."""
    debian_packages(proxy.package)
    program = shutil.which(proxy.program, path=SEARCHED)
    if not program:
        raise MissingPartError(f"{proxy.program} is not installed")
    port, file = free_port(), folder / "configuration"
    places = {"app": app, "port": port, "folder": folder, "file": file}
    extra = proxy.advised if advised else proxy.default
    filled = proxy.template.format(**places, extra=extra.replace("{app}", str(app)))
    file.write_text(filled)
    command = [program, *(argument.format(**places) for argument in proxy.arguments)]
    environ = {"HOME": str(folder), "PATH": SEARCHED}
    with running(command, folder / "said.txt", env=environ, cwd=folder, grace_seconds=10) as process:
        process.await_ready(lambda: listens(port), START_SECONDS, f"on port {port}")
        yield port
