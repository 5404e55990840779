import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { takeTurns } from './take-turns.js';

it('lets work begin at once, as long as the turn has room', () => {
  const inTurn = takeTurns(2);
  const begun: number[] = [];
  for (const name of [1, 2, 3]) inTurn(() => void begun.push(name));
  expect(begun).toEqual([1, 2]);
});

it('lets the rest begin in the next turns, in order, and what comes later after it', async () => {
  const inTurn = takeTurns(2);
  const begun: number[] = [];
  for (const name of [1, 2, 3, 4, 5, 6]) inTurn(() => void begun.push(name));
  await setImmediate();
  expect(begun).toEqual([1, 2, 3, 4]);
  inTurn(() => void begun.push(7));
  expect(begun).toEqual([1, 2, 3, 4]);
  await setImmediate();
  expect(begun).toEqual([1, 2, 3, 4, 5, 6]);
  await setImmediate();
  expect(begun).toEqual([1, 2, 3, 4, 5, 6, 7]);
});

it('has room again in a later turn, and then sets no immediate of its own', async () => {
  const inTurn = takeTurns(1);
  const begun: number[] = [];
  inTurn(() => void begun.push(1));
  await setImmediate();
  const set = vi.spyOn(globalThis, 'setImmediate');
  await new Promise((resolve) => void setTimeout(resolve, 1));
  expect(set).not.toHaveBeenCalled();
  inTurn(() => void begun.push(2));
  expect(begun).toEqual([1, 2]);
  set.mockRestore();
});

it('goes on after work that throws', async () => {
  const inTurn = takeTurns(1);
  const begun: number[] = [];
  const failing = () => {
    throw new Error('in the first turn');
  };
  expect(() => inTurn(failing)).toThrow('in the first turn');
  inTurn(() => void begun.push(2));
  await setImmediate();
  expect(begun).toEqual([2]);
});

it('lets work that waited begin in its own asynchronous context', async () => {
  const inTurn = takeTurns(1);
  const context = new AsyncLocalStorage<number>();
  const begun: unknown[] = [];
  for (const name of [1, 2, 3]) context.run(name, () => inTurn(() => void begun.push(context.getStore())));
  await setImmediate();
  await setImmediate();
  expect(begun).toEqual([1, 2, 3]);
});
