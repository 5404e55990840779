import { createApiGatewayHandler, createApiGatewayStreamHandler } from '@bedrock-proxy/apigw-adapter';
import { createProxy, type Logger, type ProxyOptions } from '@bedrock-proxy/core';
import { createFunctionUrlHandler } from '@bedrock-proxy/lambda-adapter';
import { createInProcessRuntime, type Invoke, readStreamedText } from '@bedrock-proxy/testing/lambda';
import { body, functionUrlEvent, httpApiEvent, restApiEvent } from '../conformance/lambda-events.ts';

/** The parts of a request that these tests vary. Two pairs with one name are two headers. */
export interface Sent {
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly method?: string;
  readonly path?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly sourceIp?: string | null;
  readonly body?: string;
}

export interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Front {
  readonly ask: (sent: Sent) => Promise<Answer>;
  /** The log lines so far. */
  readonly lines: readonly string[];
}

export const frontNames = ['function-url', 'rest-api', 'http-api', 'rest-api-stream'] as const;
export type FrontName = (typeof frontNames)[number];

const runtime = createInProcessRuntime();

/** Runs the handler of a front in this process, with a proxy that has these options. */
export function startFront(name: FrontName, options: Omit<ProxyOptions, 'logger'>): Front {
  const lines: string[] = [];
  const write = (fields: object, message?: string) => {
    lines.push(JSON.stringify({ ...fields, message }));
  };
  const logger: Logger = { info: write, warn: write, error: write };
  const invoke = runtime.run(handlerOf(name, { ...options, logger }));
  return { lines, ask: (sent) => askFunction(invoke, eventOf(name, sent)) };
}

/** Invokes a function, in this process or in a sandbox, and reads its whole answer. */
export async function askFunction(invoke: Invoke, event: unknown): Promise<Answer> {
  const result = await invoke(event);
  if (result.mode === 'buffered') return result.payload as Answer;
  const text = await readStreamedText(result);
  return { statusCode: result.prelude?.statusCode ?? 0, headers: result.prelude?.headers ?? {}, body: text };
}

function handlerOf(name: FrontName, options: ProxyOptions) {
  const proxy = createProxy(options);
  if (name === 'function-url') return createFunctionUrlHandler(proxy);
  return name === 'rest-api-stream' ? createApiGatewayStreamHandler(proxy) : createApiGatewayHandler(proxy);
}

/** The event that a front creates from a request. */
export function eventOf(name: FrontName, sent: Sent): object {
  const { headers = [], method = 'POST', path = '/chat', query = {}, sourceIp = '192.0.2.1' } = sent;
  const common = { body: sent.body ?? body, queryStringParameters: query };
  if (name === 'rest-api' || name === 'rest-api-stream') {
    const multiValueHeaders: Record<string, string[]> = {};
    for (const [header, value] of headers) multiValueHeaders[header] = [...(multiValueHeaders[header] ?? []), value];
    return restApiEvent({
      ...common,
      httpMethod: method,
      path,
      pathParameters: { proxy: path.slice(1) },
      headers: Object.fromEntries(headers),
      multiValueHeaders,
      requestContext: { stage: 'prod', identity: { sourceIp } },
    });
  }
  // These fronts join the values of one header. Two spellings of a name stay two headers.
  const joined: Record<string, string> = {};
  for (const [header, value] of headers) joined[header] = header in joined ? `${joined[header]},${value}` : value;
  const members = { ...common, headers: joined };
  const event = name === 'function-url' ? functionUrlEvent(members) : httpApiEvent(path, '$default', members);
  const { requestContext } = event;
  return { ...event, rawPath: path, requestContext: { ...requestContext, http: { method, path, sourceIp } } };
}

/** The code of an error answer. */
export function codeOf({ body: text }: Answer): string | undefined {
  return (JSON.parse(text) as { error?: { code?: string } }).error?.code;
}
