import { isJsonObject, objectsAt } from '../../../models/json-object.js';
import type { SignedReasoning } from '../conversation.js';

/** The `encrypted_content` of a reasoning item: what a client must send back unchanged. The model has signed or encrypted it. */
export function sealReasoning(blocks: readonly SignedReasoning[]): string {
  const sealed = blocks.map((block) =>
    'reasoningText' in block
      ? { text: block.reasoningText.text, signature: block.reasoningText.signature }
      : { redacted: block.redactedContent },
  );
  return Buffer.from(JSON.stringify({ v: 1, blocks: sealed })).toString('base64url');
}

/** The blocks in an `encrypted_content` that `sealReasoning` made; undefined for any other. */
export function unsealReasoning(sealed: string): readonly SignedReasoning[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(sealed, 'base64url').toString());
  } catch {
    return undefined;
  }
  if (!isJsonObject(value)) return undefined;
  const blocks = objectsAt(value, 'blocks').flatMap(({ text, signature, redacted }): readonly SignedReasoning[] => {
    if (typeof redacted === 'string' && redacted !== '') return [{ redactedContent: redacted }];
    if (typeof text !== 'string' || typeof signature !== 'string' || signature === '') return [];
    return [{ reasoningText: { text, signature } }];
  });
  // Whatever was changed or left out does not become the same again.
  return sealReasoning(blocks) === sealed ? blocks : undefined;
}
