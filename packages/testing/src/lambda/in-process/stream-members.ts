/** The members of a `Writable` that a response stream has in Lambda. */
export const streamMembers = {
  methods: [
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
  ],
  states: [
    'destroyed',
    'writable',
    'writableFinished',
    'writableEnded',
    'writableNeedDrain',
    'writableHighWaterMark',
    'writableLength',
    'writableCorked',
    'writableObjectMode',
  ],
} as const satisfies Readonly<Record<'methods' | 'states', readonly StreamMember[]>>;

/** The name of such a member. */
export type StreamMember =
  | 'cork'
  | 'destroy'
  | 'end'
  | 'uncork'
  | 'write'
  | 'addListener'
  | 'on'
  | 'once'
  | 'prependListener'
  | 'prependOnceListener'
  | 'off'
  | 'removeListener'
  | 'removeAllListeners'
  | 'setMaxListeners'
  | 'getMaxListeners'
  | 'listeners'
  | 'rawListeners'
  | 'listenerCount'
  | 'eventNames'
  | 'emit'
  | 'destroyed'
  | 'writable'
  | 'writableFinished'
  | 'writableEnded'
  | 'writableNeedDrain'
  | 'writableHighWaterMark'
  | 'writableLength'
  | 'writableCorked'
  | 'writableObjectMode';
