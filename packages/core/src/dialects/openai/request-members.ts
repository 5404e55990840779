import { ProxyError } from '../../errors/proxy-error.js';
import { isJsonObject, type JsonObject } from '../../models/json-object.js';

/** A refusal of one part of a request. `path` names it, as in `messages[0].content`. */
export function invalid(path: string, message: string): ProxyError {
  return new ProxyError('invalid_request', { message, issues: [{ path, message }] });
}

/** A refusal of a parameter that the proxy does not support. */
export function unsupportedParameter(path: string, message: string): ProxyError {
  return new ProxyError('unsupported_parameter', { message, issues: [{ path, message }] });
}

/** A refusal of content that the proxy does not support. */
export function unsupportedContent(path: string, message: string): ProxyError {
  return new ProxyError('unsupported_content', { message, issues: [{ path, message }] });
}

/** A value that may be absent. `null` is the same as absent. Throws `invalid_request` for a value of another type. */
function reader<Type>(type: string, is: (value: unknown) => value is Type) {
  return (value: unknown, path: string): Type | undefined => {
    if (value === undefined || value === null) return undefined;
    if (!is(value)) throw invalid(path, `Send ${type}.`);
    return value;
  };
}

export const readString = reader('a string', (value) => typeof value === 'string');
export const readBoolean = reader('true or false', (value) => typeof value === 'boolean');
export const readNumber = reader('a number', (value) => typeof value === 'number');
export const readCount = reader(
  'a whole number of at least 1',
  (value): value is number => Number.isSafeInteger(value) && Number(value) >= 1,
);
export const readObject = reader('an object', isJsonObject);
export const readList = reader('an array', (value): value is readonly unknown[] => Array.isArray(value));

/** A string that must be there and must not be empty. */
export function requireString(value: unknown, path: string): string {
  const text = readString(value, path);
  if (!text) throw invalid(path, 'Send a string that is not empty.');
  return text;
}

/** An object that must be there. */
export function requireObject(value: unknown, path: string): JsonObject {
  const object = readObject(value, path);
  if (!object) throw invalid(path, 'Send an object.');
  return object;
}

/** One of a few words. */
export function readWord<Word extends string>(value: unknown, path: string, words: readonly Word[]): Word | undefined {
  const text = readString(value, path);
  const word = words.find((candidate) => candidate === text);
  if (text !== undefined && word === undefined) throw invalid(path, `Send one of: ${words.join(', ')}.`);
  return word;
}

/** The model that a request names. */
export function readModel({ model }: JsonObject): string {
  const id = readString(model, 'model');
  if (!id) throw invalid('model', 'Send the model as a string: a model id, an inference-profile id or an ARN.');
  return id;
}
