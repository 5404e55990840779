import { expect, it } from 'vitest';
import { createSandboxLog } from './sandbox-log.js';

it('joins lines that come in pieces', () => {
  const log = createSandboxLog();
  log.append('one\ntw');
  expect(log.lines).toEqual(['one']);
  log.append('o\n');
  expect(log.lines).toEqual(['one', 'two']);
  expect(log.text).toBe('one\ntwo\n');
});

it('waits for a line, and finds one that has come', async () => {
  const log = createSandboxLog();
  const waiting = log.waitFor(/^t.o$/);
  log.append('one\ntwo\n');
  expect(await waiting).toBe('two');
  expect(await log.waitFor('one')).toBe('one');
});

it('gives up waiting when it is closed', async () => {
  const log = createSandboxLog();
  const waiting = log.waitFor('never');
  log.close();
  await expect(waiting).rejects.toThrow('matches never');
});
