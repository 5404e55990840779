import { describe, expect, it } from 'vitest';
import { expectRefusal } from './expect-refusal.js';
import type { FrontUnderTest } from './front-under-test.js';
import { post, question } from './question.js';

/** How large a body may be, for an adapter that knows `token`. */
export function testBodyLimit(front: FrontUnderTest, token: string, maxBodyBytes: number): void {
  describe('MAX_BODY_BYTES', () => {
    it.each(['application/json', 'application/octet-stream'])('counts the bytes of a body of %s', async (type) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': type };
      const padding = ' '.repeat(maxBodyBytes - Buffer.byteLength(question()));
      expect((await front.ask('/', post(question() + padding, headers))).status).toBe(200);
      const over = await front.ask('/', post(`${question()}${padding} `, headers));
      expectRefusal(over, { status: 413, code: 'body_too_large' });
    });
  });
}
