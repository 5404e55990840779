import type { Rate } from '../errors/proxy-error.js';
import type { RateForm } from './dialect.js';

/** As OpenAI's API has them: `x-ratelimit-reset-requests: 6m0s`. */
const standardForm: RateForm = {
  name: (of, part) => `x-ratelimit-${part}-${of}`,
  reset(ms) {
    const seconds = Math.ceil(ms / 1_000);
    return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
  },
};

/** Headers for what is left of the limits per minute: of several of one kind, the tightest. */
export function rateHeaders(rates: readonly Rate[], form: RateForm = standardForm): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const of of ['requests', 'tokens'] as const) {
    const [tightest] = rates
      .filter((rate) => rate.of === of)
      .sort((one, other) => one.remaining - other.remaining || other.resetMs - one.resetMs);
    if (!tightest) continue;
    headers[form.name(of, 'limit')] = String(tightest.limit);
    headers[form.name(of, 'remaining')] = String(tightest.remaining);
    headers[form.name(of, 'reset')] = form.reset(tightest.resetMs);
  }
  return headers;
}
