import { parseValue, scanJson } from '../request/json-scan.js';
import { countAt, isJsonObject } from './json-object.js';

/** The members in which models take the most tokens of an answer, at the top level or within a member for settings. */
const caps = [
  ...['max_tokens', 'max_completion_tokens', 'max_output_tokens', 'max_tokens_to_sample', 'max_new_tokens'],
  ...['maxTokens', 'maxTokenCount', 'max_gen_len'],
];
const settings = ['inferenceConfig', 'textGenerationConfig', 'generationConfig'];
const wanted: ReadonlySet<string> = new Set([...caps, ...settings]);

/** The most tokens that an answer may have, as the JSON object in a body says; undefined if it does not. Of several, the largest. */
export function readOutputCap(body: Uint8Array): number | undefined {
  const found = scanJson(body, (key) => wanted.has(key)).members.flatMap((member) => {
    const value = parseValue(member);
    const holder = isJsonObject(value) ? value : { [member.key]: value };
    return caps.flatMap((name) => countAt(holder, name) ?? []);
  });
  return found.length === 0 ? undefined : Math.max(...found);
}
