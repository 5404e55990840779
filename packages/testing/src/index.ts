export type { ConverseContent, ConverseReasoning } from './answers/converse-answer.js';
export type { JsonDocument } from './answers/json-bytes.js';
export { FakeInvoker } from './fake/fake-invoker.js';
export type { RecordedCall } from './fake/recorded-call.js';
export type { ConverseReply, ReplyScript, ScriptedToolCall } from './fake/reply-script.js';
