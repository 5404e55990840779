import { type ErrorCode, ProxyError } from '@bedrock-proxy/core';
import { type Codec, type Dialect, type ParsedCall, plainRefusal, type Route } from '@bedrock-proxy/core/dialects';
import { encodeRecord } from './toy-records.ts';

const ids: Readonly<Record<string, string>> = {
  swift: 'amazon.nova-lite-v1:0',
  deep: 'us.anthropic.claude-sonnet-4-6',
};
const headers = { 'content-type': 'application/x-toy' };
const open = Buffer.from('TOY1');

/** The toy's own word for an error. */
export const toyCode = (code: ErrorCode): string => code.toUpperCase();

/**
 * A dialect that uses every seam: it has names of its own for models, translates to Converse, asks for several prompts at once, tries a
 * second way after some refusals, answers some requests without a call, lists models, and writes binary records after the first event.
 */
export function toyDialect(): Dialect {
  const routes: Readonly<Record<string, Route>> = {
    'POST /toy/say': { kind: 'model', load: async () => sayCodec },
    'POST /toy/count': { kind: 'model', load: () => countCodec },
    'GET /toy/models': {
      kind: 'list',
      answer: ({ modelIds }, permits) => ({ status: 200, headers, body: modelIds.filter((id) => permits(id)).join() }),
    },
  };
  return {
    name: 'toy',
    route({ method, path }) {
      if (!path.startsWith('/toy/')) return undefined;
      const route = routes[`${method} ${path}`];
      if (route) return route;
      const isKnown = Object.keys(routes).some((known) => known.endsWith(` ${path}`));
      throw new ProxyError(isKnown ? 'method_not_allowed' : 'not_found');
    },
    refuse(error, requestId) {
      const plain = plainRefusal(error, '');
      return { ...plain, headers: { ...plain.headers, ...headers }, body: errorRecord(error, requestId) };
    },
  };
}

interface Asked {
  readonly model: string;
  readonly prompts: readonly string[];
  readonly stream?: boolean;
  /** Members for the model that it may not know. */
  readonly extras?: object;
}

const sayCodec: Codec = {
  parse(body, { issues }) {
    const asked = readAsked(body);
    if (issues.length > 0) throw new ProxyError('invalid_request', { issues });
    return sayCall(asked);
  },
};

function sayCall({ extras, ...asked }: Asked): ParsedCall {
  return {
    operation: 'converse',
    modelId: asked.model,
    stream: asked.stream ?? false,
    idOf,
    answerHeaders: { 'x-toy-extras': String(extras !== undefined) },
    bodies({ id }) {
      if (asked.prompts.length === 0) return { status: 200, headers, body: `${id} was asked nothing` };
      return asked.prompts.map((prompt) => converseBody(prompt, extras));
    },
    whole: (answers, served) => ({
      headers: { ...headers, 'x-served': served },
      body: Buffer.concat([open, ...answers.map(({ body }) => encodeRecord('T', textOf(body))), encodeRecord('D')]),
    }),
    encoder: (_, served) => ({
      headers,
      waitsForFirst: true,
      onBufferedFailure: 'refuse',
      open: () => Buffer.concat([open, encodeRecord('M', served())]),
      batch: ({ events }) => {
        const texts = events.flatMap((event) => (event.type === 'text-delta' ? [encodeRecord('T', event.text)] : []));
        return Buffer.concat(texts);
      },
      ping: () => encodeRecord('P'),
      end: () => encodeRecord('D'),
      fail: errorRecord,
    }),
    recover: ({ code }) => (code === 'upstream_validation' && extras ? sayCall(asked) : undefined),
  };
}

const countCodec: Codec = {
  parse(body) {
    const { model, prompts } = readAsked(body);
    return {
      operation: 'count-tokens',
      modelId: model,
      stream: false,
      idOf,
      timeoutMs: 3_000,
      askedAs: (id) => id.replace(/^us\./, ''),
      bodies: () => [converseBody(prompts.join(), undefined)],
      whole: ([answer]) => ({ headers, body: String(JSON.parse(textOfBytes(answer?.body)).inputTokens) }),
      encoder: () => {
        throw new TypeError('A count is not streamed.');
      },
      recover: () => ({ status: 200, headers, body: `about ${prompts.join().length}` }),
    };
  },
};

function idOf(name: string): string {
  const id = Object.hasOwn(ids, name) ? ids[name] : undefined;
  if (id === undefined) throw new ProxyError('model_not_found');
  return id;
}

function readAsked(body: Uint8Array): Asked {
  let asked: unknown;
  try {
    asked = JSON.parse(textOfBytes(body));
  } catch {
    throw new ProxyError('invalid_json');
  }
  if (typeof asked === 'object' && asked !== null && 'prompts' in asked && Array.isArray(asked.prompts)) {
    return asked as Asked;
  }
  const issues = [{ path: 'prompts', message: 'Send an array of strings.' }];
  throw new ProxyError('invalid_request', { issues });
}

function converseBody(prompt: string, extras: object | undefined): Uint8Array {
  const messages = [{ role: 'user', content: [{ text: prompt }] }];
  return Buffer.from(JSON.stringify({ messages, ...(extras && { additionalModelRequestFields: extras }) }));
}

function textOf(body: Uint8Array): string {
  const { output } = JSON.parse(textOfBytes(body));
  return output.message.content.map(({ text }: { readonly text: string }) => text).join('');
}

function textOfBytes(bytes: Uint8Array = new Uint8Array()): string {
  return new TextDecoder().decode(bytes);
}

function errorRecord({ code }: ProxyError, requestId: string): Uint8Array {
  return encodeRecord('E', JSON.stringify({ code: toyCode(code), requestId }));
}
