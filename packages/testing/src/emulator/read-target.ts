/** The model and the operation that a path names. */
export interface ModelTarget {
  /** Percent-decoded. */
  readonly modelId: string;
  readonly operation: 'invoke' | 'invoke-with-response-stream';
}

const targetPath = /^\/model\/(.+)\/(invoke|invoke-with-response-stream)$/;

/** Reads the path of a request; nothing where it names no operation that the emulator plays. */
export function readTarget(method: string, path: string): ModelTarget | undefined {
  const [, segment, operation] = targetPath.exec(path.split('?', 1)[0] ?? '') ?? [];
  if (method !== 'POST' || segment === undefined || operation === undefined) return undefined;
  try {
    return { modelId: decodeURIComponent(segment), operation: operation as ModelTarget['operation'] };
  } catch {
    return undefined;
  }
}
