import { expect, it } from 'vitest';
import { createSandboxLog } from './create-sandbox-log.js';

it('joins a line that arrives in pieces', () => {
  const log = createSandboxLog();
  log.append('one\ntw');
  expect(log.lines).toEqual(['one']);
  log.append('o\n');
  expect(log.lines).toEqual(['one', 'two']);
  expect(log.text).toBe('one\ntwo\n');
});

it('waits for a future line and finds a past one', async () => {
  const log = createSandboxLog();
  const waiting = log.waitFor(/^t.o$/);
  log.append('one\ntwo\n');
  expect(await waiting).toBe('two');
  expect(await log.waitFor('one')).toBe('one');
});

it('rejects a waiting call when it is closed', async () => {
  const log = createSandboxLog();
  const waiting = log.waitFor('never');
  log.close();
  await expect(waiting).rejects.toThrow('matches never');
});
