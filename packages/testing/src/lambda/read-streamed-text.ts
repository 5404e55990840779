import type { StreamedInvocation } from './invoke.js';

/** Reads the whole body of a streamed answer as UTF-8 text. */
export async function readStreamedText(answer: StreamedInvocation): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const piece of answer.body) text += decoder.decode(piece.bytes, { stream: true });
  return text + decoder.decode();
}
