import { anthropicDialect } from './anthropic-dialect.js';
import { bedrockDialect } from './bedrock-dialect.js';
import { nativeDialect } from './native-dialect.js';
import { openaiDialect } from './openai-dialect.js';

/**
 * A question as the form has it.
 *
 * @typedef {object} Question
 * @property {{ readonly path: string, readonly base: string }} front
 * @property {string} model
 * @property {import('./conversation.js').Conversation} conversation
 * @property {boolean} stream
 * @property {import('./families.js').Family['payload']} payload the request body of the family of the model
 */

/**
 * A request to be sent.
 *
 * @typedef {object} DialectRequest
 * @property {string} path
 * @property {Readonly<Record<string, string>>} [headers]
 * @property {Readonly<Record<string, unknown>>} body
 */

/**
 * One event of a streamed answer. `raw` is what the page shows of it.
 *
 * @typedef {object} WireEvent
 * @property {string} [event]
 * @property {string} data
 * @property {string} raw
 */

/**
 * An API that the page can speak. Another one is another module.
 *
 * @typedef {object} Dialect
 * @property {string} name
 * @property {(question: Question) => DialectRequest} request
 * @property {(event: WireEvent) => import('./read-answer.js').AnswerPiece} readEvent
 */

/** @type {readonly Dialect[]} */
export const dialects = [nativeDialect, openaiDialect, anthropicDialect, bedrockDialect];
