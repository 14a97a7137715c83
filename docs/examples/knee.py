"""Time to first token against users, on a mock that decodes only so many answers at once.

Start the mock with `mockllm --batch 50 --slowdown 3`, then run `knee.py 10 50 100 200`.
"""

import http.client
import json
import os
import statistics
import sys
import threading
import time
from urllib.parse import urlsplit

URL = urlsplit(os.environ.get("OPENAI_BASE_URL", "http://127.0.0.1:8001/v1"))
MODEL = os.environ.get("MODEL", "mock-ttft200-itl20-tokens50")


def first_token(number: int, times: list[float]) -> None:
    messages = [{"role": "user", "content": f"Question {number}"}]
    body = json.dumps({"model": MODEL, "stream": True, "messages": messages})
    connection = http.client.HTTPConnection(URL.netloc, timeout=60)
    started = time.monotonic()
    connection.request("POST", f"{URL.path}/chat/completions", body, {"Content-Type": "application/json"})
    response = connection.getresponse()
    response.readline()
    times.append(time.monotonic() - started)
    response.read()
    connection.close()


for users in map(int, sys.argv[1:]):
    times: list[float] = []
    threads = [threading.Thread(target=first_token, args=(number, times)) for number in range(users)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    median = statistics.median(times)
    print(f"{users} users: first token after {median:.2f} s (median), {max(times):.2f} s (worst)")
