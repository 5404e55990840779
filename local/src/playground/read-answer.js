import { nativeDialect, readNativeItem } from './native-dialect.js';
import { at, parseJson } from './parse-json.js';
import { readReport, readWholeText } from './read-report.js';
import { splitFrames } from './split-frames.js';

/**
 * A piece of an answer and its raw text. A `comment` has nothing for a reader. `cut` means that the stream ended without
 * an end mark and without an error. `report` is what the piece says of the answer: counts, or the stop reason.
 *
 * @typedef {(
 *   | { readonly type: 'text', readonly text: string }
 *   | { readonly type: 'whole', readonly body: string, readonly text: string }
 *   | { readonly type: 'error', readonly error: unknown }
 *   | { readonly type: 'done' | 'comment' | 'cut' }
 * ) & { readonly raw: string, readonly report?: import('./read-report.js').Report }} AnswerPiece
 */

/**
 * Reads every kind of answer: Server-Sent Events, AWS event streams, an array of chunks, whole JSON, or an error.
 *
 * @param {Response} response
 * @param {Pick<import('./dialects.js').Dialect, 'readEvent'>} [dialect]
 * @returns {AsyncGenerator<AnswerPiece, void>}
 */
export async function* readAnswer(response, dialect = nativeDialect) {
  const type = response.headers.get('content-type') ?? '';
  if (type.startsWith('text/event-stream')) {
    yield* readStream(splitEvents(response.body), dialect);
    return;
  }
  if (type.startsWith('application/vnd.amazon.eventstream')) {
    yield* readStream(splitFrames(response.body), dialect);
    return;
  }
  const body = await response.text();
  const value = parseJson(body);
  if (Array.isArray(value)) {
    for (const item of value) yield readNativeItem(item, JSON.stringify(item));
    return;
  }
  const isWhole = response.ok && at(value, 'error') === undefined;
  if (!isWhole) yield { type: 'error', error: value, raw: body };
  else yield { type: 'whole', body, text: readWholeText(value) ?? body, raw: body, report: readReport(value) };
}

/**
 * @param {AsyncGenerator<import('./dialects.js').WireEvent, void>} events
 * @param {Pick<import('./dialects.js').Dialect, 'readEvent'>} dialect
 * @returns {AsyncGenerator<AnswerPiece, void>}
 */
async function* readStream(events, dialect) {
  let hasEnded = false;
  for await (const event of events) {
    const { raw } = event;
    /** @type {AnswerPiece} */
    const piece = raw.startsWith(':') ? { type: 'comment', raw } : dialect.readEvent(event);
    hasEnded ||= piece.type === 'done' || piece.type === 'error';
    const report = readReport(parseJson(event.data));
    yield Object.keys(report).length > 0 ? { ...piece, report } : piece;
  }
  if (!hasEnded) yield { type: 'cut', raw: '(the connection ended here)' };
}

/**
 * Splits the body at blank lines.
 *
 * @param {ReadableStream<Uint8Array> | null} body
 * @returns {AsyncGenerator<import('./dialects.js').WireEvent, void>}
 */
async function* splitEvents(body) {
  const reader = body?.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
    const events = (rest + decoder.decode(read.value, { stream: true })).split('\n\n');
    rest = events.pop() ?? '';
    yield* events.map(readFields);
  }
  if (rest !== '') yield readFields(rest);
}

/**
 * @param {string} raw
 * @returns {import('./dialects.js').WireEvent}
 */
function readFields(raw) {
  const event = /^event: (.*)$/m.exec(raw)?.[1];
  const data = /^data: (.*)$/m.exec(raw)?.[1] ?? '';
  return { ...(event !== undefined && { event }), data, raw };
}
