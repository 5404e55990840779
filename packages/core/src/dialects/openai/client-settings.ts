import type { RequestIssue } from '../../errors/proxy-error.js';
import { isJsonObject, type JsonObject } from '../../models/json-object.js';
import type { InvokeModelOptions, ModelOperation } from '../../ports/model-invoker.js';
import type { AdmittedHead } from '../dialect.js';

/** A head that knows which of Bedrock's own settings its caller may set. Without `judge` the caller may set none. */
export interface SettingsHead extends AdmittedHead {
  /** Settings in the headers that the caller may set. */
  readonly options?: InvokeModelOptions;
  /** The settings in a body that the caller may not set. */
  judge?(
    body: Uint8Array | readonly { readonly key: string; readonly value: Uint8Array }[],
    operation: ModelOperation,
  ): readonly RequestIssue[];
}

/** Everything that the caller may not set, in headers and body. */
export function settingIssues(head: SettingsHead, body: Uint8Array, members: JsonObject): readonly RequestIssue[] {
  return [...head.issues, ...(head.judge ? head.judge(body, 'converse') : everySetting(members))];
}

/** Whether the caller may choose a service tier. */
export function mayChooseTier(head: SettingsHead): boolean {
  return head.judge?.([{ key: 'serviceTier', value: Buffer.from('{}') }], 'converse').length === 0;
}

const settings = ['guardrailConfig', 'performanceConfig', 'requestMetadata'];

function everySetting(members: JsonObject): readonly RequestIssue[] {
  const { additionalModelRequestFields: fields } = members;
  const paths = [
    ...settings.filter((name) => members[name] !== undefined && members[name] !== null),
    ...bedrockKeys(members),
    ...bedrockKeys(isJsonObject(fields) ? fields : {}).map((key) => `additionalModelRequestFields.${key}`),
  ];
  return paths.map((path) => ({ path, message: 'Leave it out: this caller may not set it.' }));
}

/** Members that Bedrock takes out of the model's own payload. */
function bedrockKeys(members: JsonObject): readonly string[] {
  return Object.keys(members).filter((key) => key.startsWith('amazon-bedrock-'));
}
