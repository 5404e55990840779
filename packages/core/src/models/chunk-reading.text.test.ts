import { describe, expect, it } from 'vitest';
import { joinTexts, readText } from './chunk-reading.js';

const text = (value: string, index?: number) =>
  index === undefined ? { type: 'text-delta', text: value } : { type: 'text-delta', text: value, index };

describe('readText', () => {
  it('reads a string', () => {
    expect(readText('Hi')).toEqual({ content: [text('Hi')] });
    expect(readText('Hi', 2)).toEqual({ content: [text('Hi', 2)] });
  });

  it('reads a list of parts in order', () => {
    const parts = [
      { type: 'thinking', thinking: [{ type: 'text', text: 'h' }, 'm', {}] },
      { type: 'thinking', thinking: '!' },
      { type: 'text', text: 'B' },
      { text: 'lue' },
      { type: 'text', text: '' },
    ];
    expect(readText(parts, 1)).toEqual({
      content: [
        { type: 'reasoning-delta', text: 'h', index: 1 },
        { type: 'reasoning-delta', text: 'm', index: 1 },
        { type: 'reasoning-delta', text: '!', index: 1 },
        text('B', 1),
        text('lue', 1),
      ],
    });
  });

  it.each<unknown>(['', null, undefined, false, [], {}, [null], [{}], [[]]])('reads nothing in %j', (value) => {
    expect(readText(value)).toEqual({ content: [] });
  });

  it.each<unknown>([7, 0, true, { text: 'Hi' }, ['Hi'], [7], [{ type: 'image', url: 'x' }], [{ text: 7 }], [['Hi']]])(
    'reports %j as text that it cannot read',
    (value) => {
      expect(readText(value)).toEqual({ content: [], hasUnreadText: true });
    },
  );

  it('does not follow nested lists', () => {
    let nested: unknown = 'Hi';
    for (let depth = 0; depth < 100_000; depth += 1) nested = [{ type: 'thinking', thinking: nested }];
    expect(readText(nested).content).toEqual([]);
  });
});

it('joinTexts joins the content, and keeps that something was not read', () => {
  expect(joinTexts([readText('a'), readText('b')])).toEqual({ content: [text('a'), text('b')] });
  expect(joinTexts([readText('a'), readText(7)])).toEqual({ content: [text('a')], hasUnreadText: true });
});
