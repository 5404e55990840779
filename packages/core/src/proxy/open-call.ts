import type { AccessDecision, Admission, Reserve } from '../access/access-policy.js';
import type {
  FrontKind,
  ModelCatalog,
  ParsedCall,
  PermitsModel,
  PlainAnswer,
  RequestHead,
  ResolvedModel,
  Route,
  StreamEncoder,
} from '../dialects/dialect.js';
import { isProxyError, ProxyError } from '../errors/proxy-error.js';
import { isIntervention } from '../models/bedrock-keys.js';
import { counters } from '../models/chunk-reading.js';
import { isModelId } from '../models/model-id.js';
import { readAnswerReport } from '../models/read-answer-report.js';
import type { CallMeta, ModelAnswer, ModelOperation, ModelTarget, Usage } from '../ports/model-invoker.js';
import { needsRouter, resolveAlias } from '../routing/resolve-alias.js';
import { type CallWatch, ReaderGone, watchCall } from '../stream/call-watch.js';
import { invokeWatched } from '../stream/invoke-watched.js';
import {
  type CallInput,
  type CallReport,
  type EventBatch,
  type OpenStream,
  openStream,
} from '../stream/open-stream.js';
import type { Account } from '../telemetry/account.js';
import { type ClientRights, callOptions, clientSettings, judgeBody, rightsOf } from './call-options.js';
import type { ModelProxy } from './create-proxy.js';

/** One request for a route of a dialect. */
export interface CallRequest {
  readonly head: RequestHead;
  readonly route: Route;
  readonly front: FrontKind;
  readonly token?: string | undefined;
  readonly sourceIp?: string | undefined;
  /** Runs only for callers that are admitted. May throw a `ProxyError`. */
  readBody(): Uint8Array | Promise<Uint8Array>;
  /** Gives the request up: with a `ProxyError` as its reason for that, else because its client is seen to leave. */
  readonly signal: AbortSignal;
  /** When the answer must be over, on the clock of `performance.now()`; absent: no limit. */
  readonly deadlineAt?: number | undefined;
  readonly account: Account;
}

/** An answer, complete or as a stream. */
export type OpenedCall = { readonly kind: 'plain'; readonly answer: PlainAnswer } | OpenedStream;

/** A stream whose head can be sent. The caller closes `watch` once the answer is written. */
export interface OpenedStream {
  readonly kind: 'stream';
  readonly stream: OpenStream;
  readonly encoder: StreamEncoder;
  /** Of the encoder and of the call. */
  readonly headers: Readonly<Record<string, string>>;
  /** The result of the wait for the first batch: `awake` if a streaming front must send its head before. */
  readonly first: EventBatch | 'awake' | undefined;
  readonly watch: CallWatch;
}

/** The use case: admit, parse, resolve, permit, reserve, call. Rejects with a `ProxyError` or a `ReaderGone`. */
export async function openCall(proxy: ModelProxy, request: CallRequest): Promise<OpenedCall> {
  const { route, head, account } = request;
  let watch = watchRequest(proxy, request);
  let opened: OpenedCall | undefined;
  try {
    // The account has a decision also if it comes when the request was given up.
    const note = (decision: AccessDecision) => {
      account.admitted(decision);
      return decision;
    };
    const decided = decide(proxy, request);
    // Here and below, only what takes time is awaited.
    const decision = 'allow' in decided ? note(decided) : await watch.wait(decided.then(note));
    if (watch.signal.aborted) throw watch.signal.reason;
    if (decision.allow !== true) throw new ProxyError(decision.code, decision);
    const admission = decision;
    // Compared with true: a value that a policy without types returns by mistake permits nothing.
    const permits: PermitsModel = (id, alias) => (admission.permitsModel?.(id, alias) ?? true) === true;
    const { requestId } = account;
    if (route.kind === 'list') return plain(await route.answer(catalogOf(proxy), permits, requestId));

    const loaded = route.load();
    const codec = 'parse' in loaded ? loaded : await loaded;
    const rights = rightsOf(proxy, admission);
    const judged = clientSettings(head.headers, rights, codec.ignoredHeaders);
    const settings = 'issues' in judged ? judged : await judged;
    const body = request.readBody();
    const parsed = codec.parse(body instanceof Uint8Array ? body : await watch.wait(body), {
      ...head,
      ...settings,
      requestId,
    });
    // A codec reports them together with its own; one that forgets them must not hide them.
    if (settings.issues.length > 0) throw new ProxyError('invalid_request', { issues: settings.issues });
    if (isModelId(parsed.modelId)) account.asked(parsed);
    const { targets: named, ...asked } = resolve(proxy, parsed);
    if (!named.every(({ model }) => isModelId(model))) throw new ProxyError('invalid_model');
    account.resolved(named[0].model);
    const permitted = named.filter(({ model }) => permits(model, asked.alias));
    if (!isNotEmpty(permitted)) throw new ProxyError('model_not_allowed');
    if (parsed.stream && admission.permitsStream === false) throw new ProxyError('stream_not_allowed');

    const targets = isDrawn(permitted, asked.settings)
      ? await draw(permitted, asked.settings, admission.principal)
      : permitted;
    const model: ResolvedModel = { ...asked, id: targets[0].model };
    account.resolved(model.id);
    const bodies = parsed.bodies(model);
    if (isPlain(bodies)) return answerPlain(bodies, account);
    if (!settings.wasJudged()) assertPermitted(bodies, parsed.operation, rights);
    // A count is no use of the model.
    const ask = parsed.operation === 'count-tokens' ? undefined : reserveOf(admission);
    if (ask) await watch.wait(reserve(ask, targets, bodies, request, watch));
    try {
      opened = await call(proxy, request, { parsed, model, targets, bodies, admission, watch });
    } catch (error) {
      const second = isProxyError(error) ? parsed.recover?.(error) : undefined;
      if (second === undefined) throw error;
      if (isPlain(second)) return answerPlain(second, account);
      const secondBodies = second.bodies(model);
      if (isPlain(secondBodies)) return answerPlain(secondBodies, account);
      if (!settings.wasJudged()) assertPermitted(secondBodies, second.operation, rights);
      watch.close();
      watch = watchRequest(proxy, request);
      opened = await call(proxy, request, { parsed: second, model, targets, bodies: secondBodies, admission, watch });
    }
    return opened;
  } finally {
    if (opened?.kind !== 'stream') watch.close();
  }
}

/** For a codec that has not asked about the settings in its client's body. */
function assertPermitted(bodies: readonly Uint8Array[], operation: ModelOperation, rights: ClientRights): void {
  const issues = bodies.flatMap((body) => judgeBody(body, operation, rights));
  if (issues.length > 0) throw new ProxyError('invalid_request', { issues });
}

type Targets = readonly [ModelTarget, ...ModelTarget[]];

function isNotEmpty(targets: readonly ModelTarget[]): targets is Targets {
  return targets.length > 0;
}

/** The targets that a request names: by an alias, or else one, in the words of the dialect. */
function resolve({ aliases }: ModelProxy, parsed: ParsedCall): Omit<ResolvedModel, 'id'> & { targets: Targets } {
  const { modelId } = parsed;
  const { targets = [], ...settings } = (aliases && resolveAlias(aliases, modelId)) ?? {};
  if (isNotEmpty(targets)) return { targets, alias: modelId, settings };
  return { targets: [{ model: parsed.idOf?.(modelId) ?? modelId }] };
}

/** Whether the order of targets is drawn for each call. */
function isDrawn(targets: Targets, settings: ResolvedModel['settings']): boolean {
  return targets.length > 1 && (settings?.spread !== undefined || targets[0].weight !== undefined);
}

/** The targets, the one that is tried first at the head. */
async function draw(targets: Targets, settings: ResolvedModel['settings'], principal: string): Promise<Targets> {
  const { drawTargets } = await import('../routing/draw-targets.js');
  return drawTargets(targets, settings?.spread, principal);
}

/** The id that is called for a caller: its own application inference profile, or the model itself. */
function calledAs(id: string, { modelAliases = {} }: Admission): string {
  return (Object.hasOwn(modelAliases, id) && modelAliases[id]) || id;
}

function whyGivenUp({ reason }: AbortSignal): unknown {
  return isProxyError(reason) ? reason : new ReaderGone('client_closed');
}

function watchRequest({ limits }: ModelProxy, { signal, deadlineAt }: CallRequest): CallWatch {
  const { firstEventTimeoutMs, idleTimeoutMs } = limits;
  const deadline = deadlineAt === undefined ? {} : { deadlineAt };
  return watchCall({ firstEventTimeoutMs, idleTimeoutMs, ...deadline }, signal, whyGivenUp);
}

function decide(
  { access }: ModelProxy,
  { token, sourceIp, account }: CallRequest,
): AccessDecision | Promise<AccessDecision> {
  return access({
    requestId: account.requestId,
    ...(token !== undefined && { token }),
    ...(sourceIp !== undefined && { sourceIp }),
  });
}

/** Limits that no `limited` has taken over would hold for nobody. */
function reserveOf({ limits = [], reserve: ask }: Admission): Reserve | undefined {
  if (limits.length === 0) return ask;
  const cause = new Error(
    'This caller has limits, but there is no store to count in: set LIMITS_TABLE, or use limited().',
  );
  return () => ({ allow: false, code: 'limits_unavailable', cause });
}

/** Asks for permission for the call. */
async function reserve(
  ask: Reserve,
  targets: readonly ModelTarget[],
  bodies: readonly Uint8Array[],
  { deadlineAt, account }: CallRequest,
  { signal }: CallWatch,
): Promise<void> {
  const remaining = deadlineAt === undefined ? {} : { remainingMs: deadlineAt - performance.now() };
  const reservation = await ask({ targets, bodies, signal, ...remaining });
  account.reserved(reservation);
  if (reservation.allow !== true) throw new ProxyError(reservation.code, reservation);
}

/** A call that the caller may make. */
interface PermittedCall {
  readonly parsed: ParsedCall;
  readonly model: ResolvedModel;
  /** The permitted targets, in the order in which they are tried. */
  readonly targets: Targets;
  readonly bodies: readonly Uint8Array[];
  readonly admission: Admission;
  readonly watch: CallWatch;
}

async function call(proxy: ModelProxy, request: CallRequest, permitted: PermittedCall): Promise<OpenedCall> {
  const { parsed, model, bodies, watch } = permitted;
  const shared = { ...routeOf(proxy, request, permitted), operation: parsed.operation };
  const calls = bodies.map((body) => ({ ...shared, body }));
  request.account.noted(parsed.notes);
  const [first, second] = calls;
  const { serverAddress } = proxy.invoker;
  if (first) request.account.calling({ call: first, modelId: model.id, stream: parsed.stream, serverAddress });
  if (!parsed.stream) return await callWhole(proxy, request, permitted, calls);
  if (!first || second) throw new TypeError('A stream has exactly one body.');

  const stream = openStream(proxy.invoker, first, watch, { anyShape: parsed.anyShape ?? false });
  request.account.called(stream);
  const encoder = parsed.encoder(
    request.front,
    () => servedName(model, stream.meta),
    () => stream.meta,
  );
  const waits = request.front === 'buffered' || encoder.waitsForFirst;
  const opening = await stream.next(waits ? Infinity : performance.now() + proxy.limits.headWaitMs);
  const served = opening === 'awake' ? {} : servedHeader(model, stream.meta);
  const headers = { ...parsed.answerHeaders, ...served, ...encoder.headers };
  return { kind: 'stream', stream, encoder, headers, first: opening, watch };
}

/** Where a call goes: to one model, or with a router to several targets. */
function routeOf(
  { callOptions: general }: ModelProxy,
  { deadlineAt, account }: CallRequest,
  { parsed, model: { alias, settings }, targets, admission }: PermittedCall,
): Omit<CallInput, 'operation' | 'body'> {
  const complete = ({ options: own, ...target }: ModelTarget): ModelTarget => {
    const options = callOptions({ proxy: general, target: own, admission, client: parsed.options });
    return {
      ...target,
      model: parsed.askedAs?.(target.model) ?? calledAs(target.model, admission),
      ...(options && { options }),
    };
  };
  const first = complete(targets[0]);
  return {
    modelId: first.model,
    ...(first.options && { options: first.options }),
    ...(deadlineAt !== undefined && { deadlineAt }),
    ...(alias !== undefined &&
      needsRouter(targets) && {
        targets: [first, ...targets.slice(1).map(complete)],
        ...(settings?.firstEventTimeoutMs !== undefined && { firstEventTimeoutMs: settings.firstEventTimeoutMs }),
        onFailedAttempt: account.attemptFailed,
      }),
  };
}

async function callWhole(
  { invoker }: ModelProxy,
  { account }: CallRequest,
  { parsed, model, watch }: PermittedCall,
  calls: readonly CallInput[],
): Promise<OpenedCall> {
  const report: Writable<CallReport> = { meta: undefined, usage: {}, accepted: false, textLength: 0 };
  const arrived: ModelAnswer[] = [];
  const note = (answers: readonly ModelAnswer[]) => {
    Object.assign(report, reportOf(answers));
    // A count is no use of the model.
    if (parsed.operation === 'count-tokens') report.usage = {};
  };
  account.called(report);
  try {
    const answers = await invokeWatched(invoker, calls, watch, parsed.timeoutMs, (answer) => arrived.push(answer));
    note(answers);
    const { headers, body } = parsed.whole(answers, servedName(model, report.meta));
    return plain({
      status: 200,
      headers: { ...parsed.answerHeaders, ...servedHeader(model, report.meta), ...headers },
      body,
    });
  } catch (error) {
    // Of several calls, the model has answered these, and they are paid for.
    if (arrived.length > 0) note(arrived);
    if (isProxyError(error) && error.meta) report.meta = error.meta;
    throw error;
  }
}

type Writable<Type> = { -readonly [Member in keyof Type]: Type[Member] };

/** The facts of one answer, or the sums of several. */
function reportOf(answers: readonly ModelAnswer[]): CallReport {
  const reports = answers.map(readAnswerReport);
  const [answer] = answers;
  const failed = answers.flatMap(({ meta }) => meta.failed ?? []);
  const meta = answer && {
    ...answer.meta,
    attempts: answers.reduce((sum, { meta: { attempts } }) => sum + attempts, 0),
    ...(failed.length > 0 && { failed }),
  };
  const usage: Writable<Usage> = {};
  for (const { usage: counts } of reports) {
    for (const counter of counters) {
      const count = counts[counter];
      if (count !== undefined) usage[counter] = (usage[counter] ?? 0) + count;
    }
  }
  const actions = reports.flatMap(({ guardrailAction }) => guardrailAction ?? []);
  return {
    ...{ meta, usage, nativeStopReason: reports[0]?.nativeStopReason, accepted: true, textLength: 0 },
    guardrailAction: actions.find(isIntervention) ?? actions[0],
  };
}

/** Names the model that answered to an alias. */
function servedHeader(model: ResolvedModel, meta: CallMeta | undefined): Readonly<Record<string, string>> {
  return model.alias === undefined ? {} : { 'x-served-model': servedName(model, meta) };
}

/** The model that answered: of an ARN, only what follows its last `/`, because the rest names an account. */
function servedName({ id }: ResolvedModel, meta: CallMeta | undefined): string {
  const served = meta?.served?.modelId ?? id;
  return served.slice(served.lastIndexOf('/') + 1);
}

function catalogOf({ aliases = {}, listedModels = [] }: ModelProxy): ModelCatalog {
  const ids = Object.entries(aliases).map(([name, { targets }]) => [name, targets.map(({ model }) => model)] as const);
  return { aliases: Object.fromEntries(ids), modelIds: listedModels };
}

function answerPlain(answer: PlainAnswer, account: Account): OpenedCall {
  account.noted(answer.notes);
  return plain(answer);
}

function plain(answer: PlainAnswer): OpenedCall {
  return { kind: 'plain', answer };
}

function isPlain(value: object): value is PlainAnswer {
  return 'status' in value;
}
