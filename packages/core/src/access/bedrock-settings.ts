import { isJsonObject } from '../models/json-object.js';
import type { InvokeModelOptions } from '../ports/model-invoker.js';

const reference =
  /^([a-z0-9]{1,64}|arn:aws[a-z-]*:bedrock:[a-z0-9-]{1,20}:\d{12}:guardrail\/[a-z0-9]{1,64}):(DRAFT|[1-9]\d{0,7})$/;

/** Reads `<id or ARN>:<version or DRAFT>`; undefined if the text is something else. */
export function readGuardrail(text: string): NonNullable<InvokeModelOptions['guardrail']> | undefined {
  const [, id, version] = reference.exec(text) ?? [];
  return id === undefined || version === undefined ? undefined : { id, version };
}

export const serviceTiers = ['default', 'flex', 'priority', 'reserved'] as const satisfies readonly NonNullable<
  InvokeModelOptions['serviceTier']
>[];
export const latencies = ['standard', 'optimized'] as const satisfies readonly NonNullable<
  InvokeModelOptions['performanceLatency']
>[];

/** A value of request metadata that stands for the principal of the caller. */
const principalWord = '$principal';

const mostPairs = 16;
const longestText = 256;
/** Of the JSON of all pairs. */
const longestMetadata = 8_500;
const metadataText = /^[a-zA-Z0-9\s:_@$#=/+,.-]*$/;

/** Request metadata, or the end of a sentence that says what is wrong with the value. */
export type MetadataReading =
  | { readonly metadata: Readonly<Record<string, string>>; readonly fault?: undefined }
  | { readonly metadata?: undefined; readonly fault: string };

export function readMetadata(value: unknown): MetadataReading {
  if (!isJsonObject(value)) return { fault: 'must be a JSON object of strings' };
  const count = Object.keys(value).length;
  if (count === 0 || count > mostPairs) return { fault: `must have 1 to ${mostPairs} members` };
  if (!hasMetadataTexts(value)) {
    return {
      fault: `must have keys of 1 to ${longestText} and values of 0 to ${longestText} letters, digits, spaces and :_@$#=/+,.-`,
    };
  }
  if (JSON.stringify(value).length <= longestMetadata) return { metadata: value };
  return { fault: `must have at most ${longestMetadata} characters in all` };
}

function hasMetadataTexts(value: object): value is Readonly<Record<string, string>> {
  return Object.entries(value).every(([key, text]) => key !== '' && isMetadataText(key) && isMetadataText(text));
}

function isMetadataText(value: unknown): boolean {
  return typeof value === 'string' && value.length <= longestText && metadataText.test(value);
}

/** Metadata with the caller in place of each `$principal`. A character that Bedrock does not take becomes `_`. */
export function namePrincipal(
  metadata: Readonly<Record<string, string>>,
  principal: string,
): Readonly<Record<string, string>> {
  const name = principal.replace(/[^a-zA-Z0-9 :_@$#=/+,.-]/gu, '_').slice(0, longestText);
  const pairs = Object.entries(metadata).map(([key, value]) => [key, value === principalWord ? name : value]);
  return Object.fromEntries(pairs);
}

const applicationProfile =
  /^arn:aws[a-z-]*:bedrock:[a-z0-9-]{1,20}:\d{12}:application-inference-profile\/[a-z0-9]{1,64}$/;

/** Whether a value maps model ids to ARNs of application inference profiles. */
export function areModelAliases(value: unknown): boolean {
  return (
    isJsonObject(value) && Object.values(value).every((arn) => typeof arn === 'string' && applicationProfile.test(arn))
  );
}
