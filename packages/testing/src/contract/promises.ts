import { isProxyError } from '@bedrock-proxy/core';
import { expect } from 'vitest';

const promptlyMs = 1_000;

/** The value of a promise that settles within a second. Otherwise it rejects with an error that has `message`. */
export function promptly<T>(promise: Promise<T>, message: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(message)), promptlyMs);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** A promise, and the function that resolves it. */
export function hold(): [held: Promise<void>, release: () => void] {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  return [held, () => release()];
}

/** Expects work that was given up to reject soon, with the signal's reason or a `ProxyError`. */
export async function expectGivenUp(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  const outcome = work.then(
    () => 'not given up' as const,
    (error: unknown) => (error === signal.reason || isProxyError(error) ? 'given up' : error),
  );
  expect(await promptly(outcome, 'the work goes on after the abort')).toBe('given up');
}
