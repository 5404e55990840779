"""Sends a prompt to bedrock-proxy with Python's standard library, and prints the response as it arrives.

    python3 ask.py http://localhost:8787/ "What is a proxy?"            events, from a Function URL
    python3 ask.py http://localhost:8787/prod/chat "What is a proxy?"   an array, from an API Gateway

If the environment variable AUTH_TOKEN is set, it is sent as the token.
"""
import json
import os
import sys
import urllib.error
import urllib.request


class AnswerError(Exception):
    """An error that the proxy reported, or a connection that ended too early."""

    def __init__(self, error):
        super().__init__(f"{error['code']}: {error['message']}")
        self.retryable = error.get("retryable", False)


def ask(url, payload):
    """Yields the text of a response. Completes only if the response is complete; otherwise raises AnswerError."""
    headers = {"Content-Type": "application/json"}
    if "AUTH_TOKEN" in os.environ:
        headers["Authorization"] = "Bearer " + os.environ["AUTH_TOKEN"]
    body = json.dumps({**payload, "stream": True}).encode()
    try:
        response = urllib.request.urlopen(urllib.request.Request(url, body, headers))
    except urllib.error.HTTPError as refusal:
        # A buffered response that failed has the error's status. Its body holds the text before the error.
        response = refusal
    with response:
        events = response.headers.get_content_type() == "text/event-stream"
        for item in read_events(response) if events else read_array(response):
            if "error" in item:
                raise AnswerError(item["error"])
            if "done" in item:
                return
            yield item["content"]
    raise AnswerError({"code": "cut", "message": "the connection ended before the response was complete", "retryable": True})


def read_events(lines):
    for line in lines:
        # A blank line separates events. A line that begins with a colon is a ping.
        if line.startswith(b"data: "):
            data = line[len(b"data: "):].strip()
            yield {"done": True} if data == b"[DONE]" else json.loads(data)


def read_array(response):
    answer = json.load(response)
    return answer if isinstance(answer, list) else [answer]


if __name__ == "__main__":
    try:
        for text in ask(sys.argv[1], {
            "modelId": os.environ.get("MODEL_ID", "global.anthropic.claude-haiku-5-5"),
            "anthropic_version": "bedrock-2023-05-31",
            "max_tokens": 200,
            "messages": [{"role": "user", "content": sys.argv[2]}],
        }):
            print(text, end="", flush=True)
        print()
    except AnswerError as error:
        sys.exit(f"\n{error}" + (" (send it again)" if error.retryable else ""))
