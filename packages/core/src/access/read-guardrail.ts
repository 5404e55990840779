import type { InvokeModelOptions } from '../ports/model-invoker.js';

const reference =
  /^([a-z0-9]{1,64}|arn:aws[a-z-]*:bedrock:[a-z0-9-]{1,20}:\d{12}:guardrail\/[a-z0-9]{1,64}):(DRAFT|[1-9]\d{0,7})$/;

/** Reads `<id or ARN>:<version or DRAFT>`; undefined if the text is something else. */
export function readGuardrail(text: string): NonNullable<InvokeModelOptions['guardrail']> | undefined {
  const [, id, version] = reference.exec(text) ?? [];
  return id === undefined || version === undefined ? undefined : { id, version };
}
