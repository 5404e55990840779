import { expect, it } from 'vitest';
import { countAt, indexAt, isJsonObject, objectAt, objectsAt, stringAt } from './json-object.js';

it('an object is neither an array nor null', () => {
  expect([{}, [], null, 'x'].map(isJsonObject)).toEqual([true, false, false, false]);
});

it.each([
  [7, 7],
  [28.0, 28],
  [28.6, 29],
  ['188', 188],
  ['27.0', 27],
  [0, 0],
  ['', undefined],
  [' ', undefined],
  ['many', undefined],
  [-1, undefined],
  [null, undefined],
  [true, undefined],
  [Number.POSITIVE_INFINITY, undefined],
])('%j is the count %s', (value, count) => {
  expect(countAt({ value }, 'value')).toBe(count);
});

it('an index that is not there is the first', () => {
  expect([indexAt({ index: 2 }, 'index'), indexAt({}, 'index'), indexAt({ index: '1' }, 'index')]).toEqual([2, 0, 1]);
});

it('members are read from objects alone', () => {
  expect(objectAt({ a: { b: 1 } }, 'a')).toEqual({ b: 1 });
  expect([objectAt({ a: [] }, 'a'), objectAt(null, 'a'), objectAt('text', 'length')]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(objectsAt({ a: [{ b: 1 }, null, 'x', []] }, 'a')).toEqual([{ b: 1 }]);
  expect([objectsAt({ a: {} }, 'a'), objectsAt(null, 'a')]).toEqual([[], []]);
  expect([stringAt({ a: 'x' }, 'a'), stringAt({ a: '' }, 'a'), stringAt({ a: 1 }, 'a')]).toEqual([
    'x',
    undefined,
    undefined,
  ]);
});
