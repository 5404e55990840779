import type { RequestIssue } from '../../errors/proxy-error.js';
import { nativeCodec } from './native-codec.js';

/** A request as the native dialect reads it, with the payload for the model that it names. */
export function readNativeRequest(body: Uint8Array, issues: readonly RequestIssue[] = []) {
  const head = { method: 'POST', path: '/', query: '', headers: {}, issues, requestId: 'r-1' };
  const { modelId, stream, bodies } = nativeCodec.parse(body, head);
  const sent = bodies({ id: modelId });
  if ('status' in sent) throw new Error('The native dialect answers nothing without a model.');
  return { modelId, stream, payload: sent[0] ?? new Uint8Array() };
}
