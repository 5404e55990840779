import type { IncomingHttpHeaders } from 'node:http';
import { exceptionReply, invalid } from '../emulated-exception.js';
import type { HttpReply } from '../emulator-reply.js';
import type { EmulatorRequest } from '../emulator-request.js';
import { membersOf, type Payload, parsePayload } from '../payload.js';

/** The guardrail of a call. */
export interface GuardrailCall {
  readonly id: string;
  readonly version: string;
  /** Whether the answer has the trace of the guardrail. */
  readonly isTraced: boolean;
  /** Whether a stream is sent before it was judged. */
  readonly isAsync: boolean;
}

/** The member of a payload that belongs to the guardrail and not to the model. */
export const configKey = 'amazon-bedrock-guardrailConfig';

/** The guardrail of an InvokeModel call. Throws an `EmulatedException` for half of one. */
export function invokeGuardrail(headers: IncomingHttpHeaders, payload: Payload): GuardrailCall | undefined {
  const id = headers['x-amzn-bedrock-guardrailidentifier'];
  const version = headers['x-amzn-bedrock-guardrailversion'];
  if (typeof id !== 'string' || typeof version !== 'string') {
    if (id === undefined && version === undefined && payload[configKey] === undefined) return undefined;
    // UNCONFIRMED: Bedrock's sentence.
    throw invalid('A guardrail needs guardrailIdentifier and guardrailVersion.');
  }
  const { streamProcessingMode } = membersOf(payload[configKey]);
  const isTraced = /^ENABLED/.test(String(headers['x-amzn-bedrock-trace']));
  return { id, version, isTraced, isAsync: streamProcessingMode === 'ASYNCHRONOUS' };
}

/** The guardrail of a Converse call. */
export function converseGuardrail({ guardrailConfig }: Payload): GuardrailCall | undefined {
  if (guardrailConfig === undefined) return undefined;
  const { guardrailIdentifier, guardrailVersion, trace, streamProcessingMode } = membersOf(guardrailConfig);
  return {
    id: String(guardrailIdentifier),
    version: String(guardrailVersion),
    isTraced: /^enabled/.test(String(trace)),
    isAsync: streamProcessingMode === 'async',
  };
}

/**
 * The refusal of a call without the guardrail that a role demands, as IAM's condition `bedrock:GuardrailIdentifier` refuses it. `required`
 * is `<id or ARN>:<version>`. Undefined for a call that the role permits.
 */
export function refuseWithoutGuardrail(request: EmulatorRequest, required: string): HttpReply | undefined {
  const { target, headers, body } = request;
  if (target === undefined || target.operation === 'count-tokens') return undefined;
  const payload = parsePayload(body) ?? {};
  const isConverse = target.operation.startsWith('converse');
  const { guardrailIdentifier: id, guardrailVersion: version } = isConverse
    ? membersOf(payload.guardrailConfig)
    : {
        guardrailIdentifier: headers['x-amzn-bedrock-guardrailidentifier'],
        guardrailVersion: headers['x-amzn-bedrock-guardrailversion'],
      };
  if (nameOf(`${id}:${version}`) === nameOf(required)) return undefined;
  const action = target.operation.endsWith('stream') ? 'InvokeModelWithResponseStream' : 'InvokeModel';
  return exceptionReply(
    'AccessDeniedException',
    `User: arn:aws:sts::123456789012:assumed-role/emulated/proxy is not authorized to perform: bedrock:${action} on resource: arn:aws:bedrock:us-east-1::foundation-model/${target.modelId} because no identity-based policy allows the bedrock:${action} action`,
  );
}

/** Without the beginning of an ARN. */
function nameOf(reference: string): string {
  return reference.replace(/^.*:guardrail\//, '');
}
