import type { ContentEvent } from '../../models/chunk-reading.js';

/** One entry of `reasoning_details`. A client sends it back unchanged. */
export type ReasoningDetail =
  | {
      readonly type: 'reasoning.text';
      readonly index: number;
      readonly text: string;
      readonly signature: string;
      readonly format: string;
    }
  | { readonly type: 'reasoning.encrypted'; readonly index: number; readonly data: string; readonly format: string };

const format = 'anthropic-claude-v1';

/** Collects the signed reasoning of an answer, block by block. */
export interface ReasoningDetails {
  /** Takes an event. Returns the details of the block that ended before it. */
  take(event: ContentEvent): readonly ReasoningDetail[];
  /** The details of the block that the end of the answer ends. */
  flush(): readonly ReasoningDetail[];
}

export function createReasoningDetails(): ReasoningDetails {
  let count = 0;
  let current: number | undefined;
  let text = '';
  let signature = '';
  let data: string[] = [];

  function flush(): readonly ReasoningDetail[] {
    const details: ReasoningDetail[] = [];
    if (signature !== '') details.push({ type: 'reasoning.text', index: count++, text, signature, format });
    if (data.length > 0) {
      details.push({ type: 'reasoning.encrypted', index: count++, data: joinBase64(data), format });
    }
    text = '';
    signature = '';
    data = [];
    return details;
  }

  return {
    take(event) {
      const ended = event.index === current ? [] : flush();
      current = event.index;
      if (event.type === 'reasoning-delta') text += event.text;
      else if (event.type === 'reasoning-signature') signature += event.signature;
      else if (event.type === 'reasoning-redacted') data.push(event.data);
      return ended;
    },
    flush,
  };
}

/** One piece stays as the model sent it. Several are each base64 of their own. */
function joinBase64(pieces: readonly string[]): string {
  const [only] = pieces;
  if (pieces.length === 1 && only !== undefined) return only;
  return Buffer.concat(pieces.map((piece) => Buffer.from(piece, 'base64'))).toString('base64');
}
