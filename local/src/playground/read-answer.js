/**
 * A piece of an answer and its raw text. `cut` means that the stream ended without `[DONE]` and without an error.
 *
 * @typedef {(
 *   | { readonly type: 'text', readonly text: string }
 *   | { readonly type: 'whole', readonly body: string }
 *   | { readonly type: 'error', readonly error: unknown }
 *   | { readonly type: 'done' | 'comment' | 'cut' }
 * ) & { readonly raw: string }} AnswerPiece
 */

/**
 * Reads every kind of answer: Server-Sent Events, an array of chunks, the JSON of the model, or an error.
 *
 * @param {Response} response
 * @returns {AsyncGenerator<AnswerPiece, void>}
 */
export async function* readAnswer(response) {
  if (response.headers.get('content-type')?.startsWith('text/event-stream')) {
    yield* readEvents(response);
    return;
  }
  const body = await response.text();
  const value = parse(body);
  if (Array.isArray(value)) {
    for (const item of value) yield readItem(item, JSON.stringify(item));
    return;
  }
  const isWhole = response.ok && !hasError(value);
  yield isWhole ? { type: 'whole', body, raw: body } : { type: 'error', error: value, raw: body };
}

/**
 * @param {Response} response
 * @returns {AsyncGenerator<AnswerPiece, void>}
 */
async function* readEvents({ body }) {
  let hasEnded = false;
  for await (const raw of splitEvents(body)) {
    const piece = readEvent(raw);
    hasEnded ||= piece.type === 'done' || piece.type === 'error';
    yield piece;
  }
  if (!hasEnded) yield { type: 'cut', raw: '(the connection ended here)' };
}

/**
 * Splits the body at blank lines.
 *
 * @param {ReadableStream<Uint8Array> | null} body
 * @returns {AsyncGenerator<string, void>}
 */
async function* splitEvents(body) {
  const reader = body?.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
    const events = (rest + decoder.decode(read.value, { stream: true })).split('\n\n');
    rest = events.pop() ?? '';
    yield* events;
  }
  if (rest !== '') yield rest;
}

/**
 * @param {string} raw
 * @returns {AnswerPiece}
 */
function readEvent(raw) {
  if (raw.startsWith(':')) return { type: 'comment', raw };
  const field = raw.replace(/^data: /, '');
  return field === '[DONE]' ? { type: 'done', raw } : readItem(parse(field), raw);
}

/**
 * @param {unknown} item
 * @param {string} raw
 * @returns {AnswerPiece}
 */
function readItem(item, raw) {
  if (typeof item === 'object' && item !== null) {
    if ('content' in item) return { type: 'text', text: String(item.content), raw };
    if ('done' in item) return { type: 'done', raw };
  }
  return { type: 'error', error: item, raw };
}

/** @param {unknown} value */
function hasError(value) {
  return typeof value === 'object' && value !== null && 'error' in value;
}

/**
 * Parses JSON. Returns any other text unchanged.
 *
 * @param {string} text
 * @returns {unknown}
 */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
