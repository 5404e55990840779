import type { ParsedCall } from './dialect.js';

/**
 * A call whose codec sets the headers of its answer and its notes when it makes the bodies. It has no getters: an object literal with one costs
 * a hidden class of its own, which keeps the whole request until a full collection.
 */
export type WritableCall = { -readonly [Member in keyof ParsedCall]: ParsedCall[Member] };
