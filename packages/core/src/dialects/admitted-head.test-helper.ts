import type { AdmittedHead } from './dialect.js';

/** The head of a request for a codec under test: a POST to `/` of a caller who may set nothing and has set nothing. */
export function admittedHead(members: Partial<AdmittedHead> = {}): AdmittedHead {
  return {
    ...{ method: 'POST', path: '/', query: '', headers: {}, requestId: 'r-1' },
    ...{ issues: [], isSetting: () => false, judge: () => [] },
    ...members,
  };
}
