import type { Admission, ClientOption } from '../access/access-policy.js';
import type { RequestIssue } from '../errors/proxy-error.js';
import type { InvokeModelOptions } from '../ports/model-invoker.js';
import type { ModelProxy } from './create-proxy.js';

/** Who may set Bedrock's settings of a call, weakest first. */
export interface CallOptionLayers {
  readonly proxy?: InvokeModelOptions | undefined;
  readonly target?: InvokeModelOptions | undefined;
  readonly admission: Pick<Admission, 'callOptions' | 'guardrail'>;
  readonly client?: InvokeModelOptions | undefined;
}

/**
 * Bedrock's settings of one call: the one place that merges them, for every dialect and operation. A guardrail that the operator set is
 * never replaced by the client's. A target's guardrail counts only if the proxy has one: it is the same guardrail in another Region.
 */
export function callOptions({ client, ...operator }: CallOptionLayers): InvokeModelOptions | undefined {
  const { proxy, target, admission } = operator;
  const { guardrail: _, ...rest } = { ...proxy, ...target, ...admission.callOptions, ...client };
  const guardrail = pinnedGuardrail(operator) ?? client?.guardrail;
  const merged = { ...rest, ...(guardrail && { guardrail }) };
  return Object.keys(merged).length > 0 ? merged : undefined;
}

/** The guardrail that the operator set for a caller. */
function pinnedGuardrail({
  proxy,
  target,
  admission,
}: Omit<CallOptionLayers, 'client'>): InvokeModelOptions['guardrail'] {
  const general = admission.guardrail === 'exempt' ? undefined : proxy?.guardrail;
  return admission.callOptions?.guardrail ?? (general && (target?.guardrail ?? general));
}

/** What a caller may set of Bedrock's own settings, and whether its operator has set a guardrail. */
export interface ClientRights {
  readonly maySet: ReadonlySet<ClientOption>;
  readonly isPinned: boolean;
}

export function rightsOf(proxy: Pick<ModelProxy, 'callOptions' | 'clientMaySet'>, admission: Admission): ClientRights {
  return {
    maySet: new Set(admission.clientMaySet ?? proxy.clientMaySet),
    isPinned: pinnedGuardrail({ proxy: proxy.callOptions, admission }) !== undefined,
  };
}

/** The issue of a setting at `path` that the caller may not make; none if it may. */
export function objections(
  path: string,
  option: ClientOption,
  { maySet, isPinned }: ClientRights,
): readonly RequestIssue[] {
  // A trace shows the text from before the guardrail masked it.
  if (isPinned && (option === 'guardrail' || option === 'trace')) {
    return [{ path, message: 'Leave this out: the operator of this proxy has set a guardrail for this caller.' }];
  }
  if (maySet.has(option)) return [];
  return [{ path, message: `Leave this out, or ask the operator of this proxy to add ${option} to CLIENT_OPTIONS.` }];
}
