import { expect, it, vi } from 'vitest';
import { guardLogger } from './create-logger.js';

it('hands every line on, with the logger as its owner', () => {
  const logger = {
    lines: [] as unknown[][],
    info(...line: unknown[]) {
      this.lines.push(['info', ...line]);
    },
    warn(...line: unknown[]) {
      this.lines.push(['warn', ...line]);
    },
    error(...line: unknown[]) {
      this.lines.push(['error', ...line]);
    },
  };
  const guarded = guardLogger(logger);
  guarded.info({ a: 1 }, 'one');
  guarded.warn({ a: 2 }, 'two');
  guarded.error({ a: 3 }, 'three');
  expect(logger.lines).toEqual([
    ['info', { a: 1 }, 'one'],
    ['warn', { a: 2 }, 'two'],
    ['error', { a: 3 }, 'three'],
  ]);
});

it('does not throw what its logger throws', () => {
  const fail = vi.fn(() => {
    throw new Error('disk full');
  });
  guardLogger({ info: fail, warn: fail, error: fail }).info({});
  expect(fail).toHaveBeenCalledOnce();
});
