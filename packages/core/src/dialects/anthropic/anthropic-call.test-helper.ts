import type { AdmittedHead, Codec, HttpHeaders, ParsedCall, ResolvedModel } from '../dialect.js';

/** Parses a request as the proxy would. */
export function parseCall(codec: Codec, body: object | string, headers: HttpHeaders = {}): ParsedCall {
  const head: AdmittedHead = {
    ...{ method: 'POST', path: '/v1/messages', query: 'beta=true', headers },
    ...{ requestId: 'r-1', issues: [] },
  };
  return codec.parse(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)), head);
}

/** The text of the body that goes to a model. */
export function bodyFor(call: ParsedCall, model: ResolvedModel): string {
  const bodies = call.bodies(model);
  if ('status' in bodies) throw new Error('There is no call.');
  return Buffer.from(bodies[0] ?? []).toString();
}

/** A call that is asked again, or an answer without one. */
export function secondOf(call: ParsedCall, error: Parameters<NonNullable<ParsedCall['recover']>>[0]): ParsedCall {
  const second = call.recover?.(error);
  if (second === undefined || 'status' in second) throw new Error('There is no second call.');
  return second;
}
