import { ProxyError } from '../../errors/proxy-error.js';
import { modelVendor } from '../../models/model-id.js';
import type { ModelCatalog, PermitsModel, PlainAnswer } from '../dialect.js';

interface ListedModel {
  readonly id: string;
  readonly object: 'model';
  readonly created: number;
  readonly owned_by: string;
}

/** The aliases of which the caller may use a model, and the ids that it may use. */
function listModels({ aliases, modelIds }: ModelCatalog, permits: PermitsModel): readonly ListedModel[] {
  const permitted = [
    ...Object.entries(aliases).flatMap(([alias, ids]) => {
      const id = ids.find((candidate) => permits(candidate, alias));
      return id === undefined ? [] : [[alias, id] as const];
    }),
    ...modelIds.filter((id) => permits(id)).map((id) => [id, id] as const),
  ];
  return [...new Map(permitted)].map(([name, id]) => ({
    id: name,
    object: 'model',
    created: 0,
    owned_by: modelVendor(id),
  }));
}

/** The list, or the one model of it that a path names. Throws `model_not_found` for a model that the caller does not see. */
export function answerModels(catalog: ModelCatalog, permits: PermitsModel, segment: string | undefined): PlainAnswer {
  const models = listModels(catalog, permits);
  const found =
    segment === undefined ? { object: 'list', data: models } : models.find(({ id }) => id === decode(segment));
  if (found) {
    const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
    return { status: 200, headers, body: JSON.stringify(found) };
  }
  throw new ProxyError('model_not_found', {
    message: 'This proxy does not list this model for this caller. GET /v1/models has the list.',
  });
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
