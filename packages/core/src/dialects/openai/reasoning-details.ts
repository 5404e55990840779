import type { ContentEvent } from '../../models/chunk-reading.js';
import type { SignedReasoning } from './conversation.js';
import { createSignedReasoning } from './create-signed-reasoning.js';

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

/** Collects the details of an answer, block by block. */
export interface ReasoningDetails {
  /** Takes an event. Returns the details of the block that ended before it. */
  take(event: ContentEvent): readonly ReasoningDetail[];
  /** The details of the block that the end of the answer ends. */
  flush(): readonly ReasoningDetail[];
}

export function createReasoningDetails(): ReasoningDetails {
  const reasoning = createSignedReasoning();
  let count = 0;
  const detail = (block: SignedReasoning): ReasoningDetail => {
    const index = count++;
    if ('reasoningText' in block) return { type: 'reasoning.text', index, ...block.reasoningText, format };
    return { type: 'reasoning.encrypted', index, data: block.redactedContent, format };
  };
  return {
    take: (event) => reasoning.take(event).map(detail),
    flush: () => reasoning.flush().map(detail),
  };
}
