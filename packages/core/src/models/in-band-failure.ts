import { isBedrockKey } from './bedrock-keys.js';
import { isJsonObject, type JsonObject, stringAt } from './json-object.js';
import { neutralStopReason } from './neutral-stop-reason.js';

/** An error that a model, or the server in front of it, reports in an ordinary chunk. */
export interface InBandFailure {
  /** The error, or the chunk itself if that is the error. */
  readonly error: unknown;
  readonly chunk: JsonObject;
  /** The name of the exception of Bedrock that the chunk holds. */
  readonly exception?: string;
}

/** The failure that a chunk of any family reports: an `error`, as an object or as text. */
export function readFailure(chunk: JsonObject): InBandFailure | undefined {
  const { error } = chunk;
  if (isJsonObject(error) || (typeof error === 'string' && error !== '') || error === true) return { error, chunk };
  // Claude marks the chunk with `type`, and older releases of vLLM with `object`: their error may be the chunk itself.
  return chunk.type === 'error' || chunk.object === 'error' ? { error: chunk, chunk } : undefined;
}

/**
 * The failure that a chunk of no known family reports: its only member has the name of an exception, or its type is a stop reason that
 * means an error.
 */
export function readUnknownFailure(chunk: JsonObject): InBandFailure | undefined {
  const type = stringAt(chunk, 'type');
  if (type !== undefined && neutralStopReason(type) === 'error') return { error: chunk, chunk };
  const [key, ...others] = Object.keys(chunk).filter((each) => !isBedrockKey(each));
  if (key === undefined || others.length > 0) return undefined;
  const exception = key.charAt(0).toUpperCase() + key.slice(1);
  return /^[A-Z][A-Za-z]{0,80}Exception$/.test(exception) ? { error: chunk[key], chunk, exception } : undefined;
}
