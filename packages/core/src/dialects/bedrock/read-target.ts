import type { ModelOperation } from '../../ports/model-invoker.js';

/** The model and the operation that a path of Bedrock names. */
export interface PathTarget {
  /** Everything between `/model/` and the last segment, as it was sent. */
  readonly id: string;
  readonly operation: ModelOperation;
  readonly stream: boolean;
}

const operations: Readonly<Record<string, Omit<PathTarget, 'id'>>> = {
  invoke: { operation: 'invoke-model', stream: false },
  'invoke-with-response-stream': { operation: 'invoke-model', stream: true },
  converse: { operation: 'converse', stream: false },
  'converse-stream': { operation: 'converse', stream: true },
  'count-tokens': { operation: 'count-tokens', stream: false },
};

/** Reads `/model/{id}/{operation}`; undefined if the path names no operation. The id may hold slashes: an ARN has them. */
export function readTarget(path: string): PathTarget | undefined {
  const [, id, name = ''] = /^\/model\/(.+)\/([^/]+)$/s.exec(path) ?? [];
  const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
  return id !== undefined && operation ? { id, ...operation } : undefined;
}
