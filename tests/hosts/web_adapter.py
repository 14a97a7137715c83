"""A stand-in for the Lambda Web Adapter: the Runtime API on one side, the app on the other.

Run by AWS's emulator as the function, with the app's port and a file for its notes: for each answer one line,
a list of pairs of seconds and bytes, because the emulator gathers the body and hides when its parts came.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html, .../runtimes-custom.html#runtimes-custom-response-streaming
"""

import http.client
import json
import os
import sys
import time
from pathlib import Path

API = "/2018-06-01/runtime/invocation"


def serve(port: int, notes: Path) -> None:
    host = os.environ["AWS_LAMBDA_RUNTIME_API"]
    while True:
        runtime = http.client.HTTPConnection(host)
        runtime.request("GET", f"{API}/next")
        invocation = runtime.getresponse()
        event = json.loads(invocation.read())
        request_id = invocation.headers["Lambda-Runtime-Aws-Request-Id"]
        deadline = int(invocation.headers["Lambda-Runtime-Deadline-Ms"])
        context = json.dumps({"request_id": request_id, "deadline": deadline})
        app = http.client.HTTPConnection("127.0.0.1", port)
        headers = {**event["headers"], "x-amzn-lambda-context": context}
        app.request(event["method"], event["path"], event["body"].encode(), headers)
        answer(host, request_id, app.getresponse(), notes)
        app.close()
        runtime.close()


def answer(host: str, request_id: str, response: http.client.HTTPResponse, notes: Path) -> None:
    """Pass the app's response on as it comes, after a prelude and eight zero bytes."""
    began, size, seen = time.monotonic(), 0, []
    prelude = json.dumps({"statusCode": response.status, "headers": dict(response.headers)}).encode()
    runtime = http.client.HTTPConnection(host)
    runtime.putrequest("POST", f"{API}/{request_id}/response")
    runtime.putheader("Lambda-Runtime-Function-Response-Mode", "streaming")
    runtime.putheader("Content-Type", "application/vnd.awslambda.http-integration-response")
    runtime.putheader("Transfer-Encoding", "chunked")
    runtime.endheaders()
    data = prelude + bytes(8)
    while data:
        runtime.send(b"%x\r\n%b\r\n" % (len(data), data))
        if data := response.read1(65_536):
            size += len(data)
            seen.append((time.monotonic() - began, size))
    runtime.send(b"0\r\n\r\n")
    runtime.getresponse().read()
    runtime.close()
    with notes.open("a") as file:
        file.write(json.dumps(seen) + "\n")


if __name__ == "__main__":
    serve(int(sys.argv[1]), Path(sys.argv[2]))
