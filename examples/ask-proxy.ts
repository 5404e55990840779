/** An error that the proxy reported, or a connection that ended too early. */
export class AnswerError extends Error {
  readonly code: string;
  readonly isRetryable: boolean;

  constructor(code: string, message: string, isRetryable: boolean) {
    super(message);
    this.code = code;
    this.isRetryable = isRetryable;
  }
}

/** An event from the proxy: a piece of text, or an error. */
interface ProxyMessage {
  readonly content?: string;
  readonly error?: { readonly code: string; readonly message: string; readonly retryable?: boolean };
}

/** Yields the text of a streamed response, piece by piece. Completes only if the response is complete; otherwise throws an `AnswerError`. */
export async function* askProxy(url: string, token: string, request: object): AsyncGenerator<string, void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ...request, stream: true }),
  });
  if (!response.ok) throw answerError((await response.json()) as ProxyMessage);
  for await (const line of linesOf(response)) {
    // A blank line separates events. A line that begins with a colon is a ping.
    if (!line.startsWith('data: ')) continue;
    if (line === 'data: [DONE]') return;
    const event: ProxyMessage = JSON.parse(line.slice('data: '.length));
    if (event.content === undefined) throw answerError(event);
    yield event.content;
  }
  throw new AnswerError('cut', 'The connection ended before the response was complete.', true);
}

async function* linesOf({ body }: Response): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of body ?? []) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}

function answerError({ error }: ProxyMessage): AnswerError {
  if (error) return new AnswerError(error.code, error.message, error.retryable ?? false);
  return new AnswerError('unknown', 'This response is not from the proxy.', false);
}
