import type { Admission, ClientOption } from '../access/access-policy.js';
import type { RequestIssue } from '../errors/proxy-error.js';
import { pinnedGuardrail } from './call-options.js';
import type { ModelProxy } from './create-proxy.js';

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
