export type { JsonDocument } from '../answers/json-bytes.js';
export type { ExceptionName } from './emulated-exception.js';
export { exceptionReply } from './emulated-exception.js';
export type { EmulatorReply, HttpReply, Interruption, ReplyPart } from './emulator-reply.js';
export { answerReply, streamReply } from './emulator-reply.js';
export type { EmulatorRequest } from './emulator-request.js';
export {
  encodeChunkFrame,
  encodeConverseFrame,
  encodeEventStreamFrame,
  encodeExceptionFrame,
} from './encode-event-stream-frame.js';
export type { CallFault, FaultPosition, StreamFault } from './faults/fault-names.js';
export { callFaults, faultModelId, faultPositions, streamFaults } from './faults/fault-names.js';
export type { ModelTarget } from './read-target.js';
export type { BedrockEmulator, BedrockEmulatorOptions, Responder } from './start-bedrock-emulator.js';
export { startBedrockEmulator } from './start-bedrock-emulator.js';
