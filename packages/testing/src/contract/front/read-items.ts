import type { FrontSetup } from './front-setup.js';

/** The items of a streamed answer; `'[DONE]'` for the terminal of an event stream. Throws for what is no such answer. */
export function readItems(text: string, streamsAs: FrontSetup['streamsAs']): unknown[] {
  if (streamsAs === 'array') return JSON.parse(text);
  if (!text.endsWith('\n\n')) throw new Error(`The last event is not complete: ${text.slice(-100)}`);
  return text
    .slice(0, -2)
    .split('\n\n')
    .filter((event) => !event.startsWith(':'))
    .map((event) => {
      const [, value] = /^data: (.*)$/.exec(event) ?? [];
      if (value === undefined) throw new Error(`An event is not one line of data: ${event}`);
      return value === '[DONE]' ? value : JSON.parse(value);
    });
}
