import { expect, it } from 'vitest';
import { countAt, indexAt, isJsonObject, objectAt, objectsAt, stopReasonAt, stringAt } from './json-object.js';

it('isJsonObject refuses arrays and null', () => {
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
])('countAt reads %j as %s', (value, count) => {
  expect(countAt({ value }, 'value')).toBe(count);
});

it.each([
  [2, 2],
  ['1', 1],
  [0.0, 0],
  [undefined, 0],
  [null, 0],
  ['', 0],
  [{}, 0],
  [-1, -1],
  ['-1', -1],
  [0.4, 0.4],
])('indexAt reads %j as %d', (index, expected) => {
  expect(indexAt({ index }, 'index')).toBe(expected);
});

it.each([
  ['stop', 'stop'],
  ['', undefined],
  [518, undefined],
  [null, undefined],
  [{ type: 'abort', message: 'gone' }, 'abort'],
  [{ type: '' }, undefined],
  [{ message: 'gone' }, undefined],
])('stopReasonAt reads %j as %s', (reason, expected) => {
  expect(stopReasonAt({ reason }, 'reason')).toBe(expected);
});

it('objectAt, objectsAt and stringAt read members only from objects', () => {
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
