import type { Admission } from '../access/access-policy.js';
import type { InvokeModelOptions } from '../ports/model-invoker.js';

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
export function pinnedGuardrail({
  proxy,
  target,
  admission,
}: Omit<CallOptionLayers, 'client'>): InvokeModelOptions['guardrail'] {
  const general = admission.guardrail === 'exempt' ? undefined : proxy?.guardrail;
  return admission.callOptions?.guardrail ?? (general && (target?.guardrail ?? general));
}
