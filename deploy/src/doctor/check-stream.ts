import { type Answer, ask, type Piece } from './ask.ts';
import type { ModelDeployment } from './deployment.ts';
import { errorIn, parse, readError } from './error-object.ts';
import type { Finding } from './finding.ts';
import { fixForError } from './fix-for-error.ts';
import { limitsIn } from './limits-in.ts';

const check = 'stream';
/** Every model takes longer than this for an answer. If all pieces arrive within this time, something buffered them. */
const minSpreadMs = 20;
const minPieces = 3;

/** Checks that a streamed answer is complete, and that its pieces arrive one by one if the endpoint streams. */
export async function checkStream(deployment: ModelDeployment): Promise<Finding> {
  const { token, modelId, payload } = deployment;
  const answer = await ask(deployment, { token, body: { modelId, stream: true, ...payload } });
  const error = errorIn(answer);
  if (error !== undefined) {
    return { check, verdict: 'fail', line: `${modelId}: ${error.code}: ${error.message}`, fix: fixForError(error) };
  }
  return answer.headers.get('content-type')?.startsWith('text/event-stream') ? checkEvents(answer) : checkArray(answer);
}

function checkEvents(answer: Answer): Finding {
  const events = answer.text.split('\n\n').filter((event) => event.startsWith('data: '));
  const last = events.at(-1)?.slice('data: '.length) ?? '';
  if (last !== '[DONE]') return explainEnd(readError(parse(last)), answer);

  const textPieces = answer.pieces.filter(({ text }) => text.includes('data: {"content"'));
  if (events.length - 1 < minPieces) {
    return {
      check,
      verdict: 'skip',
      line: `the stream is complete, but ${events.length - 1} pieces are too few to check the timing`,
      fix: 'use --payload to request a longer answer',
    };
  }
  if (spreadMs(textPieces) < minSpreadMs) {
    return {
      check,
      verdict: 'fail',
      line: `all ${events.length - 1} pieces arrived at once`,
      fix: 'set the invoke mode of the Function URL to RESPONSE_STREAM, or the responseTransferMode of the integration to STREAM; a CDN or proxy in between must not buffer',
    };
  }
  return {
    check,
    verdict: 'ok',
    line: `${events.length - 1} pieces arrived one by one over ${Math.round(spreadMs(textPieces))} ms; the stream is complete${servedBy(answer)}${limitsIn(answer)}`,
  };
}

function checkArray(answer: Answer): Finding {
  const items = parse(answer.text);
  const last: unknown = Array.isArray(items) ? items.at(-1) : undefined;
  const isDone = typeof last === 'object' && last !== null && 'done' in last;
  if (!isDone) return explainEnd(readError(last), answer);
  return {
    check,
    verdict: 'ok',
    line: `this endpoint does not stream; the answer is one complete array${servedBy(answer)}`,
  };
}

function explainEnd(error: ReturnType<typeof readError>, { status, cutBy }: Answer): Finding {
  if (error !== undefined) {
    return {
      check,
      verdict: 'fail',
      line: `the answer ends with ${error.code}: ${error.message}`,
      fix: fixForError(error),
    };
  }
  return {
    check,
    verdict: 'fail',
    line: `${status}, but the answer is incomplete${cutBy === undefined ? '' : ` (${cutBy})`}`,
    fix: 'raise the timeout of the function and the integration, and see the log; a stream of the proxy ends with [DONE] or an error',
  };
}

function spreadMs(pieces: readonly Piece[]): number {
  return (pieces.at(-1)?.atMs ?? 0) - (pieces[0]?.atMs ?? 0);
}

/** The target of an alias that answered. */
function servedBy({ headers }: Answer): string {
  const served = headers.get('x-served-model');
  return served === null ? '' : `; ${served} answered`;
}
