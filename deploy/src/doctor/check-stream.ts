import { type Answer, ask, type Piece } from './ask.ts';
import type { Finding } from './finding.ts';
import { mendOfRefusal } from './mend-of-refusal.ts';
import type { Patient } from './patient.ts';
import { errorIn, parse, readError } from './proxy-error.ts';

const check = 'stream';
/** Models take longer than this between their first and their last word; what comes within it came together. */
const togetherMs = 20;
const fewestWords = 3;

/** Whether a streamed answer reaches its end, and comes piece by piece where the front streams. */
export async function checkStream(patient: Patient): Promise<Finding> {
  const { token, modelId, payload } = patient;
  const answer = await ask(patient, { token, body: { modelId, stream: true, ...payload } });
  const error = errorIn(answer);
  if (error !== undefined) {
    return { check, verdict: 'fail', line: `${modelId}: ${error.code}: ${error.message}`, mend: mendOfRefusal(error) };
  }
  return answer.headers.get('content-type')?.startsWith('text/event-stream') ? judgeEvents(answer) : judgeArray(answer);
}

function judgeEvents(answer: Answer): Finding {
  const events = answer.text.split('\n\n').filter((event) => event.startsWith('data: '));
  const last = events.at(-1)?.slice('data: '.length) ?? '';
  if (last !== '[DONE]') return explainEnd(readError(parse(last)), answer);

  const words = answer.pieces.filter(({ text }) => text.includes('data: {"content"'));
  if (events.length - 1 < fewestWords) {
    return {
      check,
      verdict: 'skip',
      line: `reaches its end, in ${events.length - 1} pieces: too few to tell how they come`,
      mend: 'give a longer answer with --payload',
    };
  }
  if (spreadMs(words) < togetherMs) {
    return {
      check,
      verdict: 'fail',
      line: `${events.length - 1} pieces came in one lump`,
      mend: 'set the Function URL’s invoke mode to RESPONSE_STREAM, or the integration’s responseTransferMode to STREAM; a CDN or proxy in between must not buffer',
    };
  }
  return {
    check,
    verdict: 'ok',
    line: `${events.length - 1} pieces one by one over ${Math.round(spreadMs(words))} ms, and the end`,
  };
}

function judgeArray(answer: Answer): Finding {
  const items = parse(answer.text);
  const last: unknown = Array.isArray(items) ? items.at(-1) : undefined;
  const isDone = typeof last === 'object' && last !== null && 'done' in last;
  if (!isDone) return explainEnd(readError(last), answer);
  return { check, verdict: 'ok', line: 'this front does not stream: one array, which reaches its end' };
}

function explainEnd(error: ReturnType<typeof readError>, { status, cutBy }: Answer): Finding {
  if (error !== undefined) {
    return { check, verdict: 'fail', line: `ends in ${error.code}: ${error.message}`, mend: mendOfRefusal(error) };
  }
  return {
    check,
    verdict: 'fail',
    line: `${status}, and the answer has no end${cutBy === undefined ? '' : ` (${cutBy})`}`,
    mend: 'give the function and the front more time, and see the log: a stream of the proxy ends in [DONE] or an error',
  };
}

function spreadMs(pieces: readonly Piece[]): number {
  return (pieces.at(-1)?.atMs ?? 0) - (pieces[0]?.atMs ?? 0);
}
