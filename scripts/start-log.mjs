import { Transform } from 'node:stream';
import { styleText } from 'node:util';

/**
 * @typedef {Readonly<Record<string, unknown>>} LogLine a line of the proxy's log
 */

const maxCauses = 200;

/**
 * A stream for the output of the local server. The server runs one bundle for each kind of endpoint, and each of them writes
 * the warnings of its start: the repetitions are removed. With `isReadable`, each request becomes one line for a person.
 *
 * @param {{ readonly isReadable?: boolean | undefined }} [options]
 */
export function startLog({ isReadable = false } = {}) {
  const warned = new Set();
  const readable = readableLines();
  let rest = '';

  /** @param {string} text */
  function change(text) {
    const line = parseLine(text);
    if (line === undefined) return [text];
    if (line.level === 'WARN' && line.requestId === undefined) {
      if (warned.has(line.message)) return [];
      warned.add(line.message);
    }
    return isReadable ? readable(line) : [text];
  }

  return new Transform({
    decodeStrings: false,
    transform(/** @type {Buffer | string} */ chunk, _encoding, done) {
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop() ?? '';
      done(
        null,
        lines
          .flatMap(change)
          .map((line) => `${line}\n`)
          .join(''),
      );
    },
    flush(done) {
      done(null, rest === '' ? '' : change(rest).join('\n'));
    },
  });
}

/** Returns a function that makes the lines for a person. The cause of a failure is shown with the end of its request. */
function readableLines() {
  /** @type {Map<unknown, string>} */
  const causes = new Map();

  /** @param {LogLine} line */
  return (line) => {
    const { event, requestId, message = event } = line;
    if (event === 'request.error') {
      if (causes.size >= maxCauses) causes.clear();
      causes.set(requestId, causeOf(line));
      return [];
    }
    if (event !== 'request.end') return [styleText('yellow', `${String(line.level).toLowerCase()}: ${message}`)];
    const cause = causes.get(requestId);
    causes.delete(requestId);
    return [requestLine(line, cause)];
  };
}

/**
 * @param {LogLine} line
 * @param {string | undefined} cause
 */
function requestLine(line, cause) {
  const { timestamp, status, code, terminal, dialect, stream, modelId, durationMs, firstTextMs } = line;
  const failed = code !== undefined || Number(status) >= 400;
  const outcome = `${status} ${code ?? (terminal === 'none' ? '' : terminal)}`.trimEnd();
  return [
    styleText('dim', new Date(String(timestamp)).toLocaleTimeString('en-GB')),
    styleText(failed ? 'red' : 'green', outcome),
    modelId ?? '',
    [dialect, stream === true ? 'stream' : ''].filter(Boolean).join(' '),
    `${Math.round(Number(durationMs))} ms`,
    firstTextMs === undefined ? '' : `first text ${Math.round(Number(firstTextMs))} ms`,
    line.outputTokens === undefined ? '' : `${line.inputTokens ?? 0} tokens in, ${line.outputTokens} out`,
    cause ?? '',
    styleText('dim', String(line.requestId)),
  ]
    .filter((part) => part !== '')
    .join('  ');
}

/** @param {LogLine} line */
function causeOf({ cause, originalMessage, reason, message }) {
  const own = typeof cause === 'object' && cause !== null && 'message' in cause ? cause.message : undefined;
  return String(own ?? originalMessage ?? reason ?? message ?? '');
}

/**
 * @param {string} text
 * @returns {LogLine | undefined} undefined for a line that is not of the log
 */
function parseLine(text) {
  if (!text.startsWith('{')) return undefined;
  try {
    const line = JSON.parse(text);
    return typeof line.level === 'string' ? line : undefined;
  } catch {
    return undefined;
  }
}
