import type { ChunkBatch, ErrorCode } from '@bedrock-proxy/core';
import { ProxyError } from '@bedrock-proxy/core';
import { type FaultPosition, faultPositions } from '../../emulator/faults/fault-names.js';
import { type StreamTraits, secretCause } from './dialect-under-test.js';
import type { PlayedAnswer } from './played-answer.js';
import { batchSteps, type ModelStep } from './scripted-model.js';

/** One way for a stream to go, and the end that its client must be told. */
export interface StreamCase {
  readonly name: string;
  readonly position: FaultPosition;
  readonly ending: 'done' | ErrorCode;
  /** Whether nothing comes for as long as a limit permits. */
  readonly isSilent?: boolean;
  steps(answer: PlayedAnswer): readonly ModelStep[];
}

/** A stream whose client must be told of a failure. */
export type FailingStream = StreamCase & { readonly ending: ErrorCode };

export function isFailure(streamCase: StreamCase): streamCase is FailingStream {
  return streamCase.ending !== 'done';
}

/** The codes of the exceptions that Bedrock sends within a stream. */
const exceptions = [
  'throttled',
  'upstream_validation',
  'upstream_timeout',
  'upstream_unavailable',
  'upstream_error',
] as const satisfies readonly ErrorCode[];

/** Every fault at every position, for streams with these traits. */
export function streamCases(traits: Pick<StreamTraits, 'operation' | 'anyShape'>): readonly StreamCase[] {
  return [...faultPositions.flatMap((position) => casesAt(position, traits.operation)), ...endings(traits)];
}

function casesAt(position: FaultPosition, operation: StreamTraits['operation']): readonly StreamCase[] {
  const lost = position === 'after-end' ? 'done' : 'upstream_truncated';
  // A stream that is not JSON from its first chunk on is not corrupt: it has another format.
  const malformed = position === 'first-frame' ? 'unsupported_stream' : lost;
  const before = (answer: PlayedAnswer) => batchSteps(split(answer, position)[0]);
  const after = (answer: PlayedAnswer) => batchSteps(split(answer, position)[1]);
  const breaks = (name: string, ending: StreamCase['ending'], steps: StreamCase['steps']): StreamCase => ({
    ...{ name, position, ending },
    steps: (answer) => [...before(answer), ...steps(answer)],
  });
  const goesOn = (name: string, batch: (answer: PlayedAnswer) => ChunkBatch): StreamCase => ({
    ...{ name, position, ending: 'done' },
    steps: (answer) => [...before(answer), ...batchSteps([batch(answer)]), ...after(answer)],
  });
  const inBand = breaks('an error in an ordinary chunk', 'upstream_unavailable', (answer) => {
    return batchSteps(answer.inBandError);
  });
  return [
    breaks('an end without a marker', lost, () => []),
    breaks('a connection that breaks', lost, () => [fail('upstream_truncated')]),
    breaks('a chunk that is not JSON', malformed, (answer) => batchSteps([answer.malformed])),
    {
      ...breaks('a stall', position === 'after-end' ? 'done' : 'upstream_timeout', () => [{ type: 'hang' }]),
      isSilent: true,
    },
    ...exceptions.map((code) => breaks(`an exception, ${code}`, code, () => [fail(code)])),
    breaks('a bug in the invoker', 'internal', () => [{ type: 'failure', error: secretCause }]),
    goesOn('an event of an unknown type', ({ unknownFrames }) => unknownFrames),
    goesOn('a chunk of an unknown shape', ({ unknownChunk }) => unknownChunk),
    ...(operation === 'invoke-model' ? [inBand] : []),
  ];
}

/** Ends that the model itself gives. A dialect for any shape passes them on. */
function endings({ anyShape }: Pick<StreamTraits, 'anyShape'>): readonly StreamCase[] {
  const failedStop: StreamCase = {
    ...{ name: 'a stop reason that is an error', position: 'after-end' },
    ending: anyShape ? 'done' : 'upstream_error',
    steps: ({ opening, text, failedClosing }) => batchSteps([...opening, ...text, ...failedClosing]),
  };
  const unknownShape: StreamCase = {
    ...{ name: 'an answer of an unknown shape', position: 'before-text', ending: 'unsupported_stream' },
    steps: ({ unknownChunk }) => batchSteps([unknownChunk, unknownChunk]),
  };
  return anyShape ? [failedStop] : [failedStop, unknownShape];
}

function split(answer: PlayedAnswer, position: FaultPosition): readonly [readonly ChunkBatch[], readonly ChunkBatch[]] {
  const { opening, text } = answer;
  const all = [...opening, ...text, ...answer.closing];
  const at = {
    'first-frame': 0,
    'before-text': opening.length,
    middle: opening.length + Math.ceil(text.length / 2),
    'after-end': all.length,
  }[position];
  return [all.slice(0, at), all.slice(at)];
}

function fail(code: ErrorCode): ModelStep {
  return { type: 'failure', error: new ProxyError(code, { cause: secretCause }) };
}
