import type { JsonObject } from '../../../models/json-object.js';
import type { Usage } from '../../../ports/model-invoker.js';
import type { StreamEncoder } from '../../dialect.js';
import { escapeLineBreaks } from '../../escape-line-breaks.js';
import type { AnswerContext } from '../converse-codec.js';
import { eventStreamHeaders } from '../event-stream-headers.js';
import { joinText } from '../join-text.js';
import { createOutput } from './output.js';
import { responseFailure } from './response-failure.js';
import { createResponseObject, type ResponseObject } from './response-object.js';
import type { ResponsesRequest } from './responses-request.js';

/**
 * Encodes a stream of events. Calls, and the object that ends the answer, leave in one piece, and only if the stream has ended whole:
 * clients run a call as soon as it is done.
 */
export function responsesStream(context: AnswerContext<ResponsesRequest>, model: () => string): StreamEncoder {
  let response: ResponseObject | undefined;
  let usage: Usage = {};
  let nativeStopReason: string | undefined;
  let count = 0;
  let text = '';

  /** The members before the others are JSON already: to copy them for every delta costs more than the delta. */
  function write(type: string, members: JsonObject, before = ''): void {
    const json = `{"type":"${type}","sequence_number":${count},${before}${JSON.stringify(members).slice(1)}`;
    count += 1;
    text += `event: ${type}\ndata: ${escapeLineBreaks(json)}\n\n`;
  }
  /** What was written since the last piece. */
  function takeText(): string {
    const piece = text;
    text = '';
    return piece;
  }

  const output = createOutput(context, (type, members, before) => write(`response.${type}`, members, before));

  function begin(): ResponseObject {
    const begun = createResponseObject(context, model());
    write('response.created', { response: begun.inProgress() });
    write('response.in_progress', { response: begun.inProgress() });
    return begun;
  }

  return {
    headers: eventStreamHeaders,
    waitsForFirst: false,
    onBufferedFailure: 'refuse',
    open: () => '',
    batch({ events }) {
      response ??= begin();
      for (const event of joinText(events)) {
        if (event.type === 'usage-report') usage = event.usage;
        else if (event.type === 'stream-end') ({ nativeStopReason } = event);
        else if (event.type !== 'raw') output.take(event);
      }
      return takeText();
    },
    ping: () => ': ping\n\n',
    end() {
      response ??= begin();
      const ended = response.ended({ nativeStopReason, usage, output });
      write(`response.${ended['status']}`, { response: ended });
      return takeText();
    },
    fail(error) {
      const { type, code, message } = responseFailure(error);
      // Before the first event nobody knows which model would have served.
      const failed = response ?? createResponseObject(context, context.request.model);
      // Some clients understand the first event only, Codex the second only.
      write('error', { code, message, param: null, error: { type, code, message, param: null } });
      write('response.failed', { response: failed.failed({ code, message }, output.done()) });
      return takeText();
    },
  };
}
