import { callFaults, faultModelId, faultPositions, streamFaults } from '@bedrock-proxy/testing/emulator';

/** The model ids that make a fault happen, by its name, and for a stream by where it strikes too. */
export interface PlayableFaults {
  readonly calls: Readonly<Record<string, string>>;
  readonly streams: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly positions: readonly string[];
}

/** What the emulator can play. */
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
