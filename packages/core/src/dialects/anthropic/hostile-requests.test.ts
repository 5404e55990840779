import { expect, it } from 'vitest';
import { parseCall } from './anthropic-call.test-helper.js';
import { anthropicCodec } from './anthropic-codec.js';

const { messages, countTokens } = anthropicCodec({ region: 'us-east-1' });
const id = 'us.anthropic.claude-sonnet-5';
const many = (item: string) => `[${Array.from({ length: 400_000 }, () => item).join(',')}]`;

/** Bytes of heap that the work needs, garbage included. */
function heapOf(work: () => void): number {
  const before = process.memoryUsage().heapUsed;
  work();
  return process.memoryUsage().heapUsed - before;
}

it.each(['messages', 'context_management', 'service_tier', 'thinking', 'tools', 'unknown'])(
  'does not parse a large %s',
  (member) => {
    const body = `{"model":"${id}","${member}":${many('[{"a":[]}]')}}`;
    const used = heapOf(() => {
      parseCall(messages, body).bodies({ id });
      // An ARN that cannot be counted for is estimated.
      parseCall(countTokens, body).bodies({ id: 'arn:aws:sagemaker:us-east-1:111122223333:endpoint/x' });
    });
    // Parsed, these values would need more than 20 times the size of the body.
    expect(used).toBeLessThan(8 * body.length);
  },
);

it.each(['model', 'stream', 'anthropic_beta'])('refuses a large %s', (member) => {
  const rest = member === 'model' ? '' : `"model":"${id}",`;
  expect(() => parseCall(messages, `{${rest}"${member}":${many('[]')}}`)).toThrow(
    expect.objectContaining({ code: 'invalid_request', issues: [expect.objectContaining({ path: member })] }),
  );
});
