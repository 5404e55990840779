import type { ContentEvent } from '../../models/chunk-reading.js';
import type { SignedReasoning } from './conversation.js';

/** Collects the signed reasoning of an answer, block by block. Models take it back unchanged only. */
export interface SignedReasoningReader {
  /** Takes an event. Returns the reasoning of the block that ended before it. */
  take(event: ContentEvent): readonly SignedReasoning[];
  /** The reasoning of the block that the end of the answer ends. */
  flush(): readonly SignedReasoning[];
}

export function createSignedReasoning(): SignedReasoningReader {
  let current: number | undefined;
  let text = '';
  let signature = '';
  let data: string[] = [];

  function flush(): readonly SignedReasoning[] {
    const blocks: SignedReasoning[] = [];
    if (signature !== '') blocks.push({ reasoningText: { text, signature } });
    if (data.length > 0) blocks.push({ redactedContent: joinBase64(data) });
    text = '';
    signature = '';
    data = [];
    return blocks;
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
