import type { SentHeaders, SentRequest } from './send-request.js';

/** A model that the emulator plays. */
export const claude = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';

/** A body that Claude takes, with these members on top of it. */
export function question(members: Readonly<Record<string, unknown>> = {}): string {
  const payload = {
    anthropic_version: 'bedrock-2023-05-31',
    max_tokens: 9,
    messages: [{ role: 'user', content: 'Grüße' }],
  };
  return JSON.stringify({ modelId: claude, ...payload, ...members });
}

/** A POST of JSON. */
export function post(body: string | Uint8Array, headers: SentHeaders = {}): SentRequest {
  return { body, headers: { 'content-type': 'application/json', ...headers } };
}
