import { describe, expect, it } from 'vitest';
import { errorOfFailure } from './error-of-failure.js';

describe('errorOfFailure', () => {
  const chunk = Buffer.from('{}');

  it('shows the words of the model only in its cause', () => {
    const error = errorOfFailure({ error: { type: 'E', message: 'arn:aws:secret' }, chunk: {} }, chunk);
    expect(error).toMatchObject({ code: 'upstream_error', upstream: { name: 'E', chunk } });
    expect(error.message).not.toContain('arn');
    expect(String(error.cause)).toContain('E: arn:aws:secret');
  });

  it('shows a client the words that help to fix the request, cleaned', () => {
    const message = 'max_tokens of arn:aws:iam::111122223333:role/a is 9';
    expect(errorOfFailure({ error: { type: 'E', message, code: 400 }, chunk: {} }, chunk).message).toBe(
      'max_tokens of [arn] is 9',
    );
  });
});
