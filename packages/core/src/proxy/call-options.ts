import type { Admission } from '../access/access-policy.js';
import type { HttpHeaders } from '../dialects/dialect.js';
import type { RequestIssue } from '../errors/proxy-error.js';
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
export function callOptions({ proxy, target, admission, client }: CallOptionLayers): InvokeModelOptions | undefined {
  const general = admission.guardrail === 'exempt' ? undefined : proxy?.guardrail;
  const pinned = admission.callOptions?.guardrail ?? (general && (target?.guardrail ?? general));
  const { guardrail: _, ...rest } = { ...proxy, ...target, ...admission.callOptions, ...client };
  const guardrail = pinned ?? client?.guardrail;
  const merged = { ...rest, ...(guardrail && { guardrail }) };
  return Object.keys(merged).length > 0 ? merged : undefined;
}

/** The settings of Bedrock that a client sent in headers, each of them an issue: a setting that is ignored would be worse than none. */
export function headerIssues(headers: HttpHeaders): readonly RequestIssue[] {
  return Object.keys(headers)
    .filter((name) => name.startsWith('x-amzn-bedrock-'))
    .map((path) => ({ path, message: 'Leave this header out: this proxy does not pass it on.' }));
}
