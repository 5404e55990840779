import type { ModelEvent } from '../../models/model-event.js';

/** Joins the pieces of text that came in one network read. The frame of a chunk is some fifty times as long as a piece. */
export function joinText(events: readonly ModelEvent[]): readonly ModelEvent[] {
  const joined: ModelEvent[] = [];
  for (const event of events) {
    const last = joined.at(-1);
    if (event.type === 'text-delta' && last?.type === 'text-delta' && event.index === last.index) {
      joined[joined.length - 1] = { ...last, text: last.text + event.text };
    } else joined.push(event);
  }
  return joined;
}
