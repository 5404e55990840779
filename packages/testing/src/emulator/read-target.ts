import type { IncomingHttpHeaders } from 'node:http';
import type { PromptCache } from './prompt-cache.js';

/** The operations that the emulator plays, by the last segment of their paths. */
export const operations = [
  'invoke',
  'invoke-with-response-stream',
  'converse',
  'converse-stream',
  'count-tokens',
] as const satisfies readonly ModelTarget['operation'][];

/** The model and the operation in a path. */
export interface ModelTarget {
  /** Percent-decoded. */
  readonly modelId: string;
  readonly operation: 'invoke' | 'invoke-with-response-stream' | 'converse' | 'converse-stream' | 'count-tokens';
}

/** How the emulated models answer. */
export interface ModelManners {
  /** Milliseconds per word. */
  readonly paceMs: number;
  readonly cache: PromptCache;
}

/** A call of an emulated model. */
export interface ModelCall extends ModelTarget, ModelManners {
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
}

const targetPath = /^\/model\/(.+)\/([a-z-]+)$/;

/** Reads the path of a request. Undefined if it names no operation that the emulator plays. */
export function readTarget(method: string, path: string): ModelTarget | undefined {
  const [, segment, word] = targetPath.exec(path.split('?', 1)[0] ?? '') ?? [];
  const operation = operations.find((candidate) => candidate === word);
  if (method !== 'POST' || segment === undefined || operation === undefined) return undefined;
  try {
    return { modelId: decodeURIComponent(segment), operation };
  } catch {
    return undefined;
  }
}
