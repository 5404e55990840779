import type { Logger } from '@bedrock-proxy/core';

/** A logger that keeps its lines. */
export function createRecordingLogger(): Logger & { readonly lines: readonly string[] } {
  const lines: string[] = [];
  const write = (fields: object, message?: string) => {
    lines.push(JSON.stringify({ ...fields, message }));
  };
  return { lines, info: write, warn: write, error: write };
}
