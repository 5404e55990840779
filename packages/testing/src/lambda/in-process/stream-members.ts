/** The methods of a `Writable` that a response stream has in Lambda. */
export const streamMethods = [
  'cork',
  'destroy',
  'end',
  'uncork',
  'write',
  'addListener',
  'on',
  'once',
  'prependListener',
  'prependOnceListener',
  'off',
  'removeListener',
  'removeAllListeners',
  'setMaxListeners',
  'getMaxListeners',
  'listeners',
  'rawListeners',
  'listenerCount',
  'eventNames',
  'emit',
] as const;

/** The properties of a `Writable` that a response stream has in Lambda. */
export const streamStates = [
  'destroyed',
  'writable',
  'writableFinished',
  'writableEnded',
  'writableNeedDrain',
  'writableHighWaterMark',
  'writableLength',
  'writableCorked',
  'writableObjectMode',
] as const;

export type StreamMethod = (typeof streamMethods)[number];
export type StreamState = (typeof streamStates)[number];
