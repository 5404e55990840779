import { ProxyError } from '../../errors/proxy-error.js';
import type { ContentEvent } from '../../models/chunk-reading.js';
import { converse } from '../../models/converse.js';
import { isJsonObject, stringAt } from '../../models/json-object.js';
import { neutralStopReason } from '../../models/neutral-stop-reason.js';
import type { ModelAnswer, Usage } from '../../ports/model-invoker.js';
import { parseAnswer } from './parse-object.js';

/** A whole answer of Converse. */
export interface ConverseAnswer {
  readonly content: readonly ContentEvent[];
  readonly nativeStopReason: string | undefined;
  readonly usage: Usage;
  /** The service tier that Bedrock names. */
  readonly tier: string | undefined;
}

/** Reads a whole answer. Throws `upstream_error` if it cannot be read, or if its stop reason is an error. */
export function readConverseAnswer({ body }: ModelAnswer): ConverseAnswer {
  const value = parseAnswer(body);
  if (!isJsonObject(value) || !converse.matches(value)) {
    throw new ProxyError('upstream_error', { cause: new Error('the answer is none of Converse') });
  }
  const { content = [], stopReason, usage = {} } = converse.read(value);
  if (stopReason !== undefined && neutralStopReason(stopReason) === 'error') {
    throw new ProxyError('upstream_error', { cause: new Error(`stop reason ${stopReason}`) });
  }
  return { content, nativeStopReason: stopReason, usage, tier: stringAt(value['serviceTier'], 'type') };
}
