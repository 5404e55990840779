import type { ProxyError } from '../../errors/proxy-error.js';
import type { ModelEvent } from '../../models/model-event.js';
import type { Usage } from '../../ports/model-invoker.js';
import type { EventBatch } from '../../stream/open-stream.js';
import type { StreamEncoder } from '../dialect.js';
import { escapeLineBreaks } from '../escape-line-breaks.js';
import { chatUsage, finishReasonOf } from './answer-end.js';
import type { ChatHead } from './chat-completion.js';
import { eventStreamHeaders } from './event-stream-headers.js';
import { type CallPiece, createHeldCalls } from './held-calls.js';
import { joinText } from './join-text.js';
import { openAiErrorBody } from './openai-error.js';
import { createReasoningDetails, type ReasoningDetail } from './reasoning-details.js';

export interface ChatStreamOptions {
  /** Known at the first batch. */
  head(): ChatHead;
  readonly includeUsage: boolean;
  /** The client's own name of a tool. */
  originalName(name: string): string;
}

/**
 * Encodes a stream of chunks. The reason of the end, the counts and `[DONE]` leave in one piece, and only if the stream has ended whole:
 * most clients take the reason for the end, and some take a stream that stops for a whole one.
 */
export function chatStream({ head, includeUsage, originalName }: ChatStreamOptions): StreamEncoder {
  const calls = createHeldCalls();
  const details = createReasoningDetails();
  let chunks: ChunkWriter | undefined;
  let usage: Usage = {};
  let nativeStopReason: string | undefined;

  /** The chunks of one event. */
  function encode(event: ModelEvent, { delta }: ChunkWriter): string {
    if (event.type === 'usage-report') usage = event.usage;
    else if (event.type === 'stream-end') ({ nativeStopReason } = event);
    if (event.type === 'usage-report' || event.type === 'stream-end' || event.type === 'raw') return '';
    const ended = detailChunks(details.take(event), delta);
    switch (event.type) {
      case 'text-delta':
        return `${ended}${delta(`{"content":${JSON.stringify(event.text)}}`)}`;
      case 'reasoning-delta':
        return `${ended}${delta(`{"reasoning_content":${JSON.stringify(event.text)}}`)}`;
      case 'tool-call-start':
        // The pieces of a call that was not started are not held.
        if (!event.runsAtHost) calls.start(event.index, event.id, originalName(event.name));
        return ended;
      case 'tool-call-delta':
        return `${ended}${callChunks(calls.take(event.index, event.arguments), delta)}`;
      default:
        return ended;
    }
  }

  return {
    headers: eventStreamHeaders,
    waitsForFirst: false,
    onBufferedFailure: 'refuse',
    open: () => '',
    batch({ events }: EventBatch) {
      let text = '';
      if (!chunks) {
        chunks = chunkWriter(head(), includeUsage);
        text = chunks.delta('{"role":"assistant","content":""}');
      }
      for (const event of joinText(events)) text += encode(event, chunks);
      return text;
    },
    ping: () => ': ping\n\n',
    end() {
      const { delta, finish, counts } = chunks ?? chunkWriter(head(), includeUsage);
      return [
        detailChunks(details.flush(), delta),
        callChunks(calls.release(), delta),
        finish(finishReasonOf(nativeStopReason, calls.count() > 0)),
        includeUsage ? counts(usage) : '',
        'data: [DONE]\n\n',
      ].join('');
    },
    fail: (error: ProxyError) => `data: ${openAiErrorBody(error)}\n\n`,
  };
}

/** Writes chunks of one stream as events. */
interface ChunkWriter {
  /** `json` is the delta. */
  delta(json: string): string;
  finish(reason: string): string;
  counts(usage: Usage): string;
}

function chunkWriter({ id, created, model }: ChatHead, includeUsage: boolean): ChunkWriter {
  const opening = JSON.stringify({ id, object: 'chat.completion.chunk', created, model }).slice(0, -1);
  const before = `data: ${escapeLineBreaks(opening)},"choices":[`;
  const after = `]${includeUsage ? ',"usage":null' : ''}}\n\n`;
  const choice = (delta: string, reason: string) =>
    `${before}{"index":0,"delta":${delta},"logprobs":null,"finish_reason":${reason}}${after}`;
  return {
    delta: (json) => choice(escapeLineBreaks(json), 'null'),
    finish: (reason) => choice('{}', JSON.stringify(reason)),
    counts: (usage) => `${before}],"usage":${JSON.stringify(chatUsage(usage))}}\n\n`,
  };
}

function detailChunks(details: readonly ReasoningDetail[], delta: ChunkWriter['delta']): string {
  return details.length === 0 ? '' : delta(JSON.stringify({ reasoning_details: details }));
}

function callChunks(pieces: readonly CallPiece[], delta: ChunkWriter['delta']): string {
  return pieces.map((piece) => delta(JSON.stringify({ tool_calls: [callDelta(piece)] }))).join('');
}

function callDelta(piece: CallPiece): object {
  if ('arguments' in piece) return { index: piece.index, function: { arguments: piece.arguments } };
  const { index, id, name } = piece;
  return { index, id, type: 'function', function: { name, arguments: '' } };
}
