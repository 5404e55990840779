import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { endWithParent } from './end-with-parent.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('tells once that the parent is another one', () => {
  let parent = 100;
  const onGone = vi.fn();
  endWithParent({ readParentId: () => parent, onGone });
  vi.advanceTimersByTime(60_000);
  expect(onGone).not.toHaveBeenCalled();
  parent = 1;
  vi.advanceTimersByTime(500);
  expect(onGone).toHaveBeenCalledOnce();
  vi.advanceTimersByTime(60_000);
  expect(onGone).toHaveBeenCalledOnce();
  expect(vi.getTimerCount()).toBe(0);
});
