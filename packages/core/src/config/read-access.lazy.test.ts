import { expect, it, vi } from 'vitest';
import type { AccessPolicy } from '../access/access-policy.js';
import { lazyPolicy } from './read-access.js';

it('lazyPolicy loads its policy once, for the first token', async () => {
  const loaded: AccessPolicy = ({ token = '' }) => ({ allow: true, principal: token });
  const load = vi.fn(async () => loaded);
  const policy = lazyPolicy(load);
  expect(await policy({ requestId: '1' })).toEqual({ allow: false, code: 'missing_token' });
  expect(load).not.toHaveBeenCalled();
  expect(await Promise.all(['a', 'b'].map((token) => policy({ requestId: '1', token })))).toEqual([
    { allow: true, principal: 'a' },
    { allow: true, principal: 'b' },
  ]);
  expect(load).toHaveBeenCalledOnce();
});

it('lazyPolicy loads its policy again after a failed load, for the next token', async () => {
  const load = vi.fn(async (): Promise<AccessPolicy> => () => ({ allow: true, principal: 'a' }));
  load.mockRejectedValueOnce(new Error('broken'));
  const policy = lazyPolicy(load);
  const ask = () => policy({ requestId: '1', token: 'a' });
  expect(await Promise.allSettled([ask(), ask()])).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
  expect(load).toHaveBeenCalledOnce();
  expect(await Promise.all([ask(), ask()])).toMatchObject([{ principal: 'a' }, { principal: 'a' }]);
  expect(load).toHaveBeenCalledTimes(2);
});

it('lazyPolicy rejects if its policy cannot be loaded, so that no caller is admitted', async () => {
  const policy = lazyPolicy(() => Promise.reject(new Error('broken')));
  await expect(policy({ requestId: '1', token: 'a' })).rejects.toThrow('broken');
});
