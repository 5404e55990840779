import type {
  AccessDecision,
  AccessPolicy,
  Admission,
  CollectedAnswer,
  createProxy,
  Denial,
  ErrorCode,
  InvokedAnswer,
  InvokeOptions,
  invokeModel,
  LogCode,
  ModelEvent,
  ModelEventStream,
  ModelInput,
  ModelInvoker,
  ModelProxy,
  ProxyErrorOptions,
  ProxyOptions,
  StreamOptions,
  streamModel,
  Usage,
} from './index.js';

/** Compiles where `Given` may be passed for `Wanted`. */
type Assignable<Given extends Wanted, Wanted> = [Given, Wanted];

/** `true` where the two are the same type, to be passed for `true`. */
type Equal<One, Other> = (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : false;

type EventOf<Type extends ModelEvent['type']> = Extract<ModelEvent, { readonly type: Type }>;

// Every proxy states who may call: there is no default.
export type Proxies = [
  Assignable<{ invoker: ModelInvoker; access: AccessPolicy }, ProxyOptions>,
  Assignable<{ invoker: ModelInvoker; access: () => { allow: true; principal: string } }, ProxyOptions>,
  Assignable<{ invoker: ModelInvoker; access: AccessPolicy; limits: { idleTimeoutMs: number } }, ProxyOptions>,
  Assignable<ProxyOptions['access'], AccessPolicy>,
  Assignable<Equal<Parameters<typeof createProxy>, [options: ProxyOptions]>, true>,
  Assignable<Equal<ReturnType<typeof createProxy>, ModelProxy>, true>,
];
// @ts-expect-error `access` is required.
export type WithoutAccess = Assignable<{ invoker: ModelInvoker }, ProxyOptions>;
// @ts-expect-error `access` may not be left undefined.
export type UndefinedAccess = Assignable<{ invoker: ModelInvoker; access: undefined }, ProxyOptions>;
// @ts-expect-error `invoker` is required.
export type WithoutInvoker = Assignable<{ access: AccessPolicy }, ProxyOptions>;
// @ts-expect-error A policy is a function, not a token.
export type TokenForPolicy = Assignable<{ invoker: ModelInvoker; access: 'a token' }, ProxyOptions>;

// A policy admits with a principal, or denies with one of the codes that a refusal may have.
export type Decisions = [
  Assignable<Equal<AccessDecision, Admission | Denial>, true>,
  Assignable<{ allow: true; principal: string }, Admission>,
  Assignable<
    { allow: true; principal: string; permitsModel: (modelId: string) => boolean; permitsStream: false },
    Admission
  >,
  Assignable<{ allow: true; principal: string; settle: (usage: Usage) => Promise<void> }, Admission>,
  Assignable<{ allow: false; code: 'invalid_token' }, Denial>,
  Assignable<{ allow: false; code: 'quota_exceeded'; retryAfterSeconds: number; cause: unknown }, Denial>,
  Assignable<Denial['code'], ErrorCode>,
  Assignable<(request: { readonly token?: string }) => Admission, AccessPolicy>,
  Assignable<() => Promise<AccessDecision>, AccessPolicy>,
];
// @ts-expect-error An admission names its principal.
export type NamelessAdmission = Assignable<{ allow: true }, Admission>;
// @ts-expect-error A boolean is not a decision.
export type BareBoolean = Assignable<() => boolean, AccessPolicy>;
// @ts-expect-error A denial has a code.
export type CodelessDenial = Assignable<{ allow: false }, Denial>;
// @ts-expect-error A policy may not deny with the code of another failure.
export type ForeignDenial = Assignable<{ allow: false; code: 'upstream_error' }, Denial>;
// @ts-expect-error A policy may not invent a code.
export type InventedDenial = Assignable<{ allow: false; code: 'too_late' }, Denial>;
// @ts-expect-error A decision admits or denies: it must not leave that open.
export type TwoFaced = Assignable<{ allow: boolean; principal: string }, AccessDecision>;
// @ts-expect-error A policy must decide.
export type Undecided = Assignable<() => undefined, AccessPolicy>;

// The list of codes is closed: a switch over it can be complete.
export type Codes = [
  Assignable<'throttled', ErrorCode>,
  Assignable<ErrorCode, LogCode>,
  Assignable<'client_closed', LogCode>,
];
// @ts-expect-error Not every string is a code.
export type AnyString = Assignable<string, ErrorCode>;
// @ts-expect-error This code is only for the log, because the client has gone.
export type LogsAlone = Assignable<'client_closed', ErrorCode>;

// The `type` of an event tells its other members.
export type Events = [
  Assignable<
    Equal<
      ModelEvent['type'],
      | ('text-delta' | 'reasoning-delta' | 'reasoning-signature' | 'reasoning-redacted' | 'citation')
      | ('tool-call-start' | 'tool-call-delta' | 'usage-report' | 'stream-end' | 'raw')
    >,
    true
  >,
  Assignable<Equal<EventOf<'text-delta'>['text'], string>, true>,
  Assignable<Equal<EventOf<'reasoning-delta'>['text'], string>, true>,
  Assignable<Equal<EventOf<'tool-call-start'>['name'], string>, true>,
  Assignable<Equal<EventOf<'tool-call-delta'>['arguments'], string>, true>,
  Assignable<Equal<EventOf<'usage-report'>['usage'], Usage>, true>,
  Assignable<Equal<EventOf<'raw'>['value'], unknown>, true>,
];
/** Compiles because `type` narrows the event, and because these cases are all that there are. */
export function textOf(event: ModelEvent): string {
  switch (event.type) {
    case 'text-delta':
    case 'reasoning-delta':
      return event.text;
    case 'reasoning-signature':
      return event.signature;
    case 'reasoning-redacted':
      return event.data;
    case 'citation':
      return String(event.value);
    case 'tool-call-start':
      return event.name;
    case 'tool-call-delta':
      return event.arguments;
    case 'usage-report':
      return String(event.usage.outputTokens);
    case 'stream-end':
      return event.stopReason ?? '';
    case 'raw':
      return String(event.value);
  }
}
// @ts-expect-error An event is not read before its type is known.
export type TextOfAny = ModelEvent['text'];
// @ts-expect-error Usage has no text.
export type TextOfUsage = EventOf<'usage-report'>['text'];

// A model is called with the invoker, the model's id and its payload.
export type Calls = [
  Assignable<{ modelId: string; payload: { max_tokens: number } }, ModelInput>,
  Assignable<{ modelId: string; payload: Uint8Array }, ModelInput>,
  Assignable<{ modelId: string; payload: object; options: { guardrail: { id: string; version: string } } }, ModelInput>,
  Assignable<[ModelInvoker, ModelInput], Parameters<typeof streamModel>>,
  Assignable<
    [ModelInvoker, ModelInput, { signal: AbortSignal; idleTimeoutMs: number }],
    Parameters<typeof streamModel>
  >,
  Assignable<[ModelInvoker, ModelInput], Parameters<typeof invokeModel>>,
  Assignable<[ModelInvoker, ModelInput, { signal: AbortSignal; deadlineMs: number }], Parameters<typeof invokeModel>>,
  Assignable<Equal<ReturnType<typeof streamModel>, ModelEventStream>, true>,
  Assignable<Equal<Awaited<ReturnType<ModelEventStream['collect']>>, CollectedAnswer>, true>,
  Assignable<Equal<ReturnType<typeof invokeModel>, Promise<InvokedAnswer>>, true>,
  Assignable<Equal<ReturnType<InvokedAnswer['json']>, unknown>, true>,
  Assignable<ModelEventStream, AsyncIterable<ModelEvent>>,
  Assignable<keyof InvokeOptions, keyof StreamOptions>,
];
// @ts-expect-error A payload is bytes or an object, not a text.
export type TextPayload = Assignable<{ modelId: string; payload: string }, ModelInput>;
// @ts-expect-error The payload is required.
export type WithoutPayload = Assignable<{ modelId: string }, ModelInput>;
// @ts-expect-error The model is required.
export type WithoutModel = Assignable<{ payload: object }, ModelInput>;
// @ts-expect-error A guardrail has a version.
export type HalfGuardrail = Assignable<{ guardrail: { id: string } }, NonNullable<ModelInput['options']>>;
// @ts-expect-error A whole answer has no time between events, because it has no events.
export type IdleInvocation = InvokeOptions['idleTimeoutMs'];

// An error has a code, and it may have these details.
export type Errors = [
  Assignable<Record<never, never>, ProxyErrorOptions>,
  Assignable<{ message: string; cause: unknown; retryAfterSeconds: number }, ProxyErrorOptions>,
  Assignable<{ issues: readonly [{ path: 'messages'; message: 'is missing' }] }, ProxyErrorOptions>,
  Assignable<{ meta: { attempts: number; upstreamRequestId: string } }, ProxyErrorOptions>,
];
// @ts-expect-error An issue must state its path.
export type PathlessIssue = Assignable<{ issues: readonly { message: string }[] }, ProxyErrorOptions>;
// @ts-expect-error Seconds are a number.
export type TextSeconds = Assignable<{ retryAfterSeconds: '5' }, ProxyErrorOptions>;
// @ts-expect-error An unknown detail is left out, not undefined.
export type UndefinedMessage = Assignable<{ message: undefined }, ProxyErrorOptions>;
