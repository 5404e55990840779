import { callFaults, faultModelId, faultPositions, streamFaults } from '@bedrock-proxy/testing/emulator';

/** The model ids that trigger each fault. For a fault in a stream, the keys are the fault and its position. */
export interface PlayableFaults {
  readonly calls: Readonly<Record<string, string>>;
  readonly streams: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly positions: readonly string[];
}

/** The faults that the emulator can simulate. */
export const emulatedFaults: PlayableFaults = {
  calls: Object.fromEntries(callFaults.map((fault) => [fault, faultModelId(fault)])),
  streams: Object.fromEntries(
    streamFaults.map((fault) => [
      fault,
      Object.fromEntries(faultPositions.map((position) => [position, faultModelId(fault, position)])),
    ]),
  ),
  positions: faultPositions,
};
