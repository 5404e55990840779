import { ProxyError } from '../../errors/proxy-error.js';
import type { CallMeta } from '../../ports/model-invoker.js';
import type { Codec } from '../dialect.js';
import { FrameEncoder } from './frame-encoder.js';
import { readTarget } from './read-target.js';

/** Takes the body as it came, and answers with Bedrock's own bytes. `heartbeat`: see `BedrockDialectOptions`. */
export function bedrockCodec(heartbeat: boolean): Codec {
  return {
    // The SDKs send it with every stream. Bedrock is always asked for JSON.
    ignoredHeaders: ['x-amzn-bedrock-accept'],
    parse(body, { path, issues, options, judge }) {
      const target = readTarget(path);
      if (!target) throw new ProxyError('not_found');
      const { id, operation, stream } = target;
      const found = [...issues, ...judge(body, operation)];
      if (found.length > 0) throw new ProxyError('invalid_request', { issues: found });
      return {
        operation,
        stream,
        modelId: decodeId(id),
        idOf,
        bodies: () => [body],
        ...(options && { options }),
        anyShape: true,
        whole: ([answer]) => ({
          headers: { 'content-type': answer?.contentType ?? 'application/json', ...headersOf(answer?.meta) },
          body: answer?.body ?? '',
        }),
        encoder: (_front, _served, meta) =>
          new FrameEncoder({ operation, heartbeat, headers: () => headersOf(meta()) }),
      };
    },
  };
}

/** Decodes once. What does not decode stays as it is, and is refused with every other id that holds a `%`. */
function decodeId(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}

/** No model id holds a `%`: one that is left was encoded twice, or not at all. */
function idOf(id: string): string {
  if (id.includes('%')) throw new ProxyError('invalid_model');
  return id;
}

/** Bedrock's own headers; an invoker that gives none may know the request id. */
function headersOf({ headers, upstreamRequestId }: Partial<CallMeta> = {}): Record<string, string> {
  return { ...(upstreamRequestId !== undefined && { 'x-amzn-requestid': upstreamRequestId }), ...headers };
}
