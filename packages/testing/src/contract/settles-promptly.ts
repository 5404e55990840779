import { isProxyError } from '@bedrock-proxy/core';
import { expect } from 'vitest';

const promptlyMs = 1_000;

/** The value of a promise that settles within a second; otherwise it rejects with `complaint`. */
export function promptly<T>(promise: Promise<T>, complaint: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(complaint)), promptlyMs);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** Expects work that was given up to reject soon, with the signal's reason or a `ProxyError`, and never to end well. */
export async function expectGivenUp(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  const outcome = work.then(
    () => 'it ended as if it had not been given up' as const,
    (error: unknown) => (error === signal.reason || isProxyError(error) ? 'given up' : error),
  );
  expect(await promptly(outcome, 'it goes on though it was given up')).toBe('given up');
}
