import type { JsonObject } from '../../models/json-object.js';
import type { CacheMark } from './conversation.js';

/** Converse takes this many cache points; the last ones count. */
const most = 4;

/** Turns marks into cache points, in the order of the request. */
export interface CachePoints {
  /** The cache point behind what has this mark; nothing without a mark. */
  behind(mark: CacheMark | undefined): readonly JsonObject[];
}

/** `marks` is their number in the whole request; undefined for a model that takes none. */
export function createCachePoints(marks: number | undefined): CachePoints {
  let skipped = marks === undefined ? Infinity : Math.max(0, marks - most);
  return {
    behind(mark) {
      if (!mark) return [];
      if (skipped > 0) {
        skipped -= 1;
        return [];
      }
      return [{ cachePoint: { type: 'default', ...(mark.ttl !== undefined && { ttl: mark.ttl }) } }];
    },
  };
}

/** The number of marks. */
export function cacheMarksIn(marked: readonly { readonly cache?: CacheMark | undefined }[]): number {
  return marked.filter(({ cache }) => cache).length;
}
