import { describe, expect, it } from 'vitest';
import { callTools, type ToolSituation } from './tool-calls.js';

const schema = { type: 'object', properties: { zone: { type: 'string' } }, required: ['zone'] };
const tools = ['clock', 'weather'].map((name) => ({ name, schema }));
const orders = 'Do this.\ncall clock {"zone":"UTC"}\ncall weather {"city":"Ulm","days":2}';
const said = (text: string) => ({ text, hasResults: false });
const results = { text: '', hasResults: true };

const callsOf = (turns: ToolSituation['turns'], choice: ToolSituation['choice'] = 'auto') =>
  callTools({ tools, choice, turns }, () => 'id');

describe('orders to call tools', () => {
  it('are obeyed one after another, each behind the result of the one before', () => {
    expect(callsOf([said('Hi'), said(orders)])).toEqual([{ id: 'id', name: 'clock', input: { zone: 'UTC' } }]);
    expect(callsOf([said(orders), results])).toEqual([{ id: 'id', name: 'weather', input: { city: 'Ulm', days: 2 } }]);
    expect(callsOf([said(orders), results, { ...results, text: 'So?' }])).toEqual([]);
  });

  it('end with the next text', () => {
    expect(callsOf([said(orders), results, said('Thanks.')])).toEqual([]);
  });

  it.each([
    ['of a tool that is not offered', 'call gone {}'],
    ['without an input', 'call it'],
    ['within a line', 'Please call gone {}'],
  ])('%s are text', (_, text) => {
    expect(callsOf([said(text)])).toEqual([]);
    expect(callsOf([said(`${text} clock`)])).toEqual([{ id: 'id', name: 'clock', input: { zone: `${text} clock` } }]);
  });

  it('with an input that is not JSON are text', () => {
    const text = 'call clock {zone}';
    expect(callsOf([said(text)])).toEqual([{ id: 'id', name: 'clock', input: { zone: text } }]);
  });

  it('give way to the choice of a tool', () => {
    expect(callsOf([said(orders)], 'none')).toEqual([]);
    expect(callsOf([said(orders)], { name: 'weather' })).toEqual([
      { id: 'id', name: 'weather', input: { zone: orders } },
    ]);
  });
});
