import { describe, expect, it, vi } from 'vitest';
import type { AccessPolicy } from './access-policy.js';
import { compose } from './compose.js';

const admit: AccessPolicy = () => ({ allow: true, principal: 'a' });
const deny: AccessPolicy = () => ({ allow: false, code: 'invalid_token' });

describe('compose', () => {
  it.each([
    [true, 2],
    [false, 1],
  ])('asks the policies in turn, up to the first whose decision is %s', async (allow, asked) => {
    const policies = [vi.fn(deny), vi.fn(admit), vi.fn(admit)];
    const join = vi.fn(() => ({ allow: true, principal: 'joined' }) as const);
    const decision = await compose('test', policies, { allow }, join)({ requestId: 'r' });
    expect(policies.map(({ mock }) => mock.calls.length)).toEqual([1, asked - 1, 0]);
    expect(decision).toEqual({ allow: true, principal: 'joined' });
    expect(join).toHaveBeenCalledExactlyOnceWith(
      [expect.anything(), expect.anything()].slice(0, asked),
      expect.objectContaining({ requestId: 'r' }),
    );
  });

  it('throws without a policy, and names its caller', () => {
    expect(() => compose('noneOf', [], { allow: true }, () => ({ allow: true, principal: '' }))).toThrow(
      'noneOf needs',
    );
  });

  it('settles every decision, and throws on, if the join fails', async () => {
    const settle = vi.fn();
    const settled: AccessPolicy = () => ({ allow: true, principal: 'a', settle });
    const broken = () => {
      throw new Error('broken');
    };
    await expect(compose('test', [settled], { allow: true }, broken)({ requestId: 'r' })).rejects.toThrow('broken');
    expect(settle).toHaveBeenCalledExactlyOnceWith({}, { accepted: false, textLength: 0 });
  });
});
