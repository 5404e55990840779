import { isProxyError, ProxyError } from '../../errors/proxy-error.js';
import type { ModelCatalog, PermitsModel, PlainAnswer } from '../dialect.js';
import { isClaudeId, knownNames } from './model-names.js';

/**
 * The models that a caller may use: the operator's aliases, or else the names that this dialect knows. With `id`, that one entry.
 * Throws `model_not_found` if the list does not have it.
 */
export function listModels(
  idOf: (name: string) => string,
  id: string | undefined,
  catalog: ModelCatalog,
  permitsModel: PermitsModel,
  requestId: string,
): PlainAnswer {
  const names = permittedNames(idOf, catalog, permitsModel);
  const answer = (body: object) => ({
    status: 200,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', 'request-id': requestId },
    body: JSON.stringify(body),
  });
  if (id === undefined) {
    const data = names.map(entryOf);
    return answer({ data, has_more: false, first_id: names[0] ?? null, last_id: names.at(-1) ?? null });
  }
  const name = names.find((each) => each === decode(id));
  if (name === undefined) {
    throw new ProxyError('model_not_found', { message: 'model: no such model is listed. GET /v1/models lists them.' });
  }
  return answer(entryOf(name));
}

function permittedNames(
  idOf: (name: string) => string,
  { aliases }: ModelCatalog,
  permitsModel: PermitsModel,
): readonly string[] {
  const own = Object.entries(aliases).filter(([, [first = '']]) => isClaudeId(first));
  if (own.length > 0) {
    return own.filter(([name, ids]) => ids.some((id) => permitsModel(id, name))).map(([name]) => name);
  }
  return knownNames.filter((name) => {
    const id = idIfAny(idOf, name);
    return id !== undefined && permitsModel(id);
  });
}

/** The id of a name; undefined if the operator's Region gives it none. */
function idIfAny(idOf: (name: string) => string, name: string): string | undefined {
  try {
    return idOf(name);
  } catch (error) {
    if (isProxyError(error)) return undefined;
    throw error;
  }
}

function entryOf(id: string) {
  return { type: 'model', id, display_name: id, created_at: '1970-01-01T00:00:00Z' };
}

function decode(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}
