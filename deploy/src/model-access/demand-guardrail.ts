import { DeploymentError } from '../deployment-error.ts';
import type { AccessStatement } from './derive-model-access.ts';

/** The guardrails that the role demands. Each is `ARN:VERSION`, where the version is a number or DRAFT. */
export interface GuardrailGrant {
  /** The guardrail of every call. */
  readonly pinned: string;
  /** The guardrails of token records that have another one. */
  readonly ofTokens?: readonly string[];
  /** Whether a token record exempts its token. The role then demands no guardrail, because it cannot tell tokens apart. */
  readonly exemptsTokens?: boolean;
  /** The ARN of the KMS key that encrypts the guardrails, if it is your own. */
  readonly keyArn?: string;
}

const reference = /^(arn:aws[a-z-]*:bedrock:[a-z0-9-]+:(\d{12}):guardrail\/[a-z0-9]+):(DRAFT|[1-9]\d{0,7})$/;
const key = /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[a-zA-Z0-9-]+$/;

/**
 * The statements of a role that may call models only with these guardrails: the second lock, should the first one, in the function, have a
 * fault. `account` is undefined if it is not known yet.
 *
 * @throws {DeploymentError} if a guardrail is no `ARN:VERSION` of this account, or the key is no ARN of a key
 */
export function demandGuardrail(
  statements: readonly AccessStatement[],
  { pinned, ofTokens = [], exemptsTokens = false, keyArn }: GuardrailGrant,
  account?: string,
): readonly AccessStatement[] {
  const guardrails = [...new Set([pinned, ...ofTokens])].map((text) => readReference(text, account));
  if (keyArn !== undefined && !key.test(keyArn)) {
    throw new DeploymentError(`The key of the guardrail must be the complete ARN of a KMS key, not "${keyArn}".`);
  }
  const [first = '', ...others] = guardrails.map(({ identifier }) => identifier);
  const identifiers = others.length === 0 ? first : [first, ...others];
  return [
    ...(exemptsTokens ? statements : statements.flatMap((statement) => demand(statement, identifiers))),
    { actions: ['bedrock:ApplyGuardrail'], resources: [...new Set(guardrails.map(({ arn }) => arn))] },
    ...(keyArn === undefined ? [] : [{ actions: ['kms:Decrypt'], resources: [keyArn] }]),
  ];
}

function readReference(text: string, account: string | undefined): { arn: string; identifier: string } {
  const [, arn, owner, version] = reference.exec(text) ?? [];
  if (arn === undefined) {
    throw new DeploymentError(`A guardrail must be its ARN, a colon, and its version or DRAFT, not "${text}".`);
  }
  if (account !== undefined && owner !== account) {
    throw new DeploymentError(
      `The guardrail "${text}" belongs to another account. Bedrock has account-enforced and organization-enforced guardrails for that.`,
    );
  }
  // IAM names a draft by the ARN alone.
  return { arn, identifier: version === 'DRAFT' ? arn : text };
}

/** A count of tokens and a call of SageMaker have no guardrail: their actions get a statement of their own. */
function demand(
  { actions, resources, conditions }: AccessStatement,
  identifiers: string | readonly string[],
): readonly AccessStatement[] {
  const invoking = actions.filter((action) => action.startsWith('bedrock:InvokeModel'));
  const others = actions.filter((action) => !invoking.includes(action));
  const StringEquals = { ...conditions?.StringEquals, 'bedrock:GuardrailIdentifier': identifiers };
  return [
    ...(invoking.length > 0 ? [{ actions: invoking, resources, conditions: { StringEquals } }] : []),
    ...(others.length > 0 ? [{ actions: others, resources, ...(conditions && { conditions }) }] : []),
  ];
}
