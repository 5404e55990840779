import { expect, it } from 'vitest';
import { createRecentMap } from './create-recent-map.js';

it('forgets the keys that were set first', () => {
  const map = createRecentMap<number>(2);
  map.set('a', 1).set('b', 2);
  map.set('a', 3);
  map.set('c', 4);
  expect(['a', 'b', 'c'].map((key) => map.get(key))).toEqual([3, undefined, 4]);
  map.delete('a');
  map.set('d', 5);
  expect(['a', 'c', 'd'].map((key) => map.get(key))).toEqual([undefined, 4, 5]);
});
