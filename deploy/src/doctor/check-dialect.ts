import { type Answer, ask } from './ask.ts';
import type { Deployment, Dialect } from './deployment.ts';
import { errorIn } from './error-object.ts';
import type { Finding } from './finding.ts';
import { fixForError, fixForMessage } from './fix-for-error.ts';
import { limitsIn } from './limits-in.ts';

const prompt = 'Count from one to thirty, in words, separated by commas.';
const maxTokens = 200;

/** A request of an API, and the mark that ends its complete streams. */
interface DialectCheck {
  readonly path: (model: string) => string;
  readonly body: (model: string) => Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly isComplete: (text: string) => boolean;
}

const messages = [{ role: 'user', content: prompt }];

const checks: Readonly<Record<Exclude<Dialect, 'native'>, DialectCheck>> = {
  openai: {
    path: () => 'v1/chat/completions',
    body: (model) => ({ model, stream: true, max_tokens: maxTokens, messages }),
    isComplete: (text) => text.trimEnd().endsWith('data: [DONE]'),
  },
  anthropic: {
    path: () => 'v1/messages',
    body: (model) => ({ model, stream: true, max_tokens: maxTokens, messages }),
    headers: { 'anthropic-version': '2023-06-01' },
    isComplete: (text) => text.includes('event: message_stop') && !text.includes('event: error'),
  },
  bedrock: {
    path: (model) => `model/${encodeURIComponent(model)}/converse-stream`,
    body: () => ({ messages: [{ role: 'user', content: [{ text: prompt }] }], inferenceConfig: { maxTokens } }),
    // The frames are binary; the names of their events are text.
    isComplete: (text) => text.includes('messageStop') && !text.includes(':exception-type'),
  },
};

/** Checks that a stream of another API of the proxy is complete. */
export async function checkDialect(deployment: Deployment, dialect: keyof typeof checks): Promise<Finding> {
  const { token, modelId, url } = deployment;
  const { path, body, headers, isComplete } = checks[dialect];
  const address = new URL(path(modelId), new URL('.', url));
  const answer = await ask(
    { ...deployment, url: address },
    { token, body: body(modelId), ...(headers && { headers }) },
  );
  if (answer.status === 200 && isComplete(answer.text)) {
    return { check: dialect, verdict: 'ok', line: `a stream of ${address.pathname} is complete${limitsIn(answer)}` };
  }
  return { check: dialect, verdict: 'fail', ...explain(answer, address) };
}

function explain(answer: Answer, { pathname }: URL): { readonly line: string; readonly fix: string } {
  const { status, text } = answer;
  const error = errorIn(answer);
  if (status === 200 && /^[\w+/=]+$/.test(text.trim())) {
    return {
      line: `the frames of ${pathname} arrive as base64 text`,
      fix: 'add */* to the binary media types of the REST API, or use a streaming endpoint',
    };
  }
  const [, message = text.slice(0, 120)] = /"message"\s*:\s*"([^"]*)"/.exec(text) ?? [];
  const line = status === 200 ? `the stream of ${pathname} is not complete: ${message}` : `${status}: ${message}`;
  if (error !== undefined) return { line, fix: fixForError(error) };
  if (/missing authentication token|^\{"message":"not found"\}$/i.test(text.trim())) {
    return {
      line,
      fix: 'give the API a resource for this path, with POST and OPTIONS: v1/{proxy+} and model/{proxy+}',
    };
  }
  const fix = fixForMessage(message);
  if (fix !== undefined) return { line, fix };
  if (status === 404) return { line, fix: 'check --model, and that DIALECTS contains this API' };
  return { line, fix: 'check --model and the token, and see the log of the function' };
}
