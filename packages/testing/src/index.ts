export type { JsonDocument } from './answers/json-bytes.js';
export { FakeInvoker } from './fake/fake-invoker.js';
export type { RecordedCall } from './fake/recorded-call.js';
export type { ReplyScript } from './fake/reply-script.js';
