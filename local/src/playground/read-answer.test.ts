import { describe, expect, it } from 'vitest';
import { type AnswerPiece, readAnswer } from './read-answer.js';

/** Reads an answer whose body arrives in pieces of `pieceBytes` bytes. */
async function read(body: string, contentType: string, { status = 200, pieceBytes = 3 } = {}) {
  const bytes = Buffer.from(body);
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let at = 0; at < bytes.length; at += pieceBytes) controller.enqueue(bytes.subarray(at, at + pieceBytes));
      controller.close();
    },
  });
  const response = new Response(stream, { status, headers: { 'content-type': contentType } });
  const pieces: AnswerPiece[] = [];
  for await (const piece of readAnswer(response)) pieces.push(piece);
  return pieces;
}

const events = 'text/event-stream; charset=utf-8';

describe('readAnswer', () => {
  it.each([1, 3, 1_000])('reads events and comments in pieces of %d bytes', async (pieceBytes) => {
    const body = 'data: {"content":"Grüße"}\n\n: ping\n\ndata: {"content":" 👋"}\n\ndata: [DONE]\n\n';
    expect(await read(body, events, { pieceBytes })).toEqual([
      { type: 'text', text: 'Grüße', raw: 'data: {"content":"Grüße"}' },
      { type: 'comment', raw: ': ping' },
      { type: 'text', text: ' 👋', raw: 'data: {"content":" 👋"}' },
      { type: 'done', raw: 'data: [DONE]' },
    ]);
  });

  it('reads an error in a stream as its end', async () => {
    const pieces = await read('data: {"content":"a"}\n\ndata: {"error":{"code":"throttled"}}\n\n', events);
    expect(pieces.map(({ type }) => type)).toEqual(['text', 'error']);
    expect(pieces[1]).toMatchObject({ error: { error: { code: 'throttled' } } });
  });

  it.each([
    ['data: {"content":"a"}\n\n', ['text', 'cut']],
    ['data: {"content":"a"}\n\ndata: {"con', ['text', 'error']],
    ['', ['cut']],
  ])('reads a stream that is cut after %j as incomplete', async (body, types) => {
    expect((await read(body, events)).map(({ type }) => type)).toEqual(types);
  });

  it('reads an array of chunks', async () => {
    expect(await read('[{"content":"Hel"},{"content":"lo"},{"done":true}]', 'application/json')).toEqual([
      { type: 'text', text: 'Hel', raw: '{"content":"Hel"}' },
      { type: 'text', text: 'lo', raw: '{"content":"lo"}' },
      { type: 'done', raw: '{"done":true}' },
    ]);
  });

  it('reads the text before an error in an array', async () => {
    const body = '[{"content":"Hel"},{"error":{"code":"upstream_truncated"}}]';
    const pieces = await read(body, 'application/json', { status: 502 });
    expect(pieces.map(({ type }) => type)).toEqual(['text', 'error']);
  });

  it('reads a whole answer unchanged', async () => {
    const body = '{"generation":"Hi","n":1.0}';
    expect(await read(body, 'application/json')).toEqual([{ type: 'whole', body, text: 'Hi', raw: body, report: {} }]);
  });

  it.each([
    ['{"error":{"code":"missing_token"}}', 401],
    ['{"message":"Forbidden"}', 403],
    ['<html>Bad gateway</html>', 502],
  ])('reads %s as an error', async (body, status) => {
    expect(await read(body, 'application/json', { status })).toMatchObject([{ type: 'error', raw: body }]);
  });
});
