import { at } from './parse-json.js';

/**
 * What an answer says about itself.
 *
 * @typedef {object} Report
 * @property {number} [inputTokens]
 * @property {number} [outputTokens]
 * @property {string} [stopReason]
 */

/**
 * Reads counts and the stop reason from an event or a whole answer, of any API and any family of models.
 *
 * @param {unknown} value
 * @returns {Report}
 */
export function readReport(value) {
  const usage = at(value, 'usage') ?? at(value, 'message', 'usage');
  const inputTokens = first('number', [
    at(usage, 'inputTokens'),
    at(usage, 'input_tokens'),
    at(usage, 'prompt_tokens'),
    at(value, 'prompt_token_count'),
  ]);
  const outputTokens = first('number', [
    at(usage, 'outputTokens'),
    at(usage, 'output_tokens'),
    at(usage, 'completion_tokens'),
    at(value, 'generation_token_count'),
  ]);
  const stopReason = first('string', [
    at(value, 'stopReason'),
    at(value, 'stop_reason'),
    at(value, 'delta', 'stop_reason'),
    at(value, 'choices', 0, 'finish_reason'),
    at(value, 'choices', 0, 'stop_reason'),
    at(value, 'outputs', 0, 'stop_reason'),
  ]);
  return {
    ...(inputTokens !== undefined && { inputTokens }),
    ...(outputTokens !== undefined && { outputTokens }),
    ...(stopReason !== undefined && { stopReason }),
  };
}

/**
 * The text of a whole answer. Undefined if it is of no known form.
 *
 * @param {unknown} value
 * @returns {string | undefined}
 */
export function readWholeText(value) {
  const blocks = at(value, 'output', 'message', 'content') ?? at(value, 'content');
  if (Array.isArray(blocks)) return blocks.map((block) => first('string', [at(block, 'text')]) ?? '').join('');
  return first('string', [
    at(value, 'choices', 0, 'message', 'content'),
    at(value, 'choices', 0, 'text'),
    at(value, 'generation'),
    at(value, 'outputs', 0, 'text'),
  ]);
}

/**
 * What an error says. The APIs have different names for the same things.
 *
 * @param {unknown} value a parsed error, or a sentence
 */
export function readProblem(value) {
  if (typeof value === 'string') return { message: value };
  const error = at(value, 'error') ?? value;
  const code = first('string', [at(error, 'code'), at(error, 'type'), at(value, '__type')]);
  const requestId = first('string', [at(error, 'requestId'), at(value, 'request_id')]);
  return {
    message: first('string', [at(error, 'message'), at(value, 'message')]) ?? JSON.stringify(value),
    ...(code !== undefined && { code }),
    ...(requestId !== undefined && { requestId }),
  };
}

/**
 * The first value of a type.
 *
 * @template {'string' | 'number'} Type
 * @param {Type} type
 * @param {readonly unknown[]} values
 * @returns {(Type extends 'string' ? string : number) | undefined}
 */
function first(type, values) {
  return /** @type {any} */ (values.find((value) => typeof value === type));
}
