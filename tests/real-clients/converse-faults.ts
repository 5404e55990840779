import { callFaults, faultModelId, faultPositions, streamFaults } from '@bedrock-proxy/testing/emulator';

/** Faults that take nothing from the answer. */
const harmless: readonly string[] = ['one-byte-writes', 'unknown-event'];
/** Faults of the frames of InvokeModel. */
const notOfConverse: readonly string[] = ['model-timeout-exception', 'in-band-error'];
/** Faults that are told even after the end marker: the answer may have been taken back. */
const exceptions = /exception|error-frame/;

const strikes = streamFaults
  .filter((fault) => !notOfConverse.includes(fault))
  .flatMap((fault) =>
    faultPositions.map((position) => {
      const isWhole = harmless.includes(fault) || (position === 'after-end' && !exceptions.test(fault));
      return { fault, position, modelId: faultModelId(fault, position), isWhole };
    }),
  );
const refusals = callFaults.map((fault) => ({ fault, position: 'call', modelId: faultModelId(fault), isWhole: false }));
/** Every fault of a Converse call, at every position. */
export const converseFaults = [...strikes, ...refusals];
