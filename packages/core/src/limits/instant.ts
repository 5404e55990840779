export const minuteMs = 60_000;

/** A moment, as the counters name it. */
export interface Instant {
  /** Milliseconds since 1970. */
  readonly ms: number;
  /** Minutes since 1970. */
  readonly minute: number;
  /** Milliseconds of that minute that are left: from 1 to 60,000. */
  readonly leftMs: number;
  /** `yyyymmdd` in UTC. */
  readonly day: string;
  /** `yyyymm` in UTC. */
  readonly month: string;
}

export function instantOf(ms: number): Instant {
  const day = new Date(ms).toISOString().slice(0, 10).replaceAll('-', '');
  const minute = Math.floor(ms / minuteMs);
  return { ms, minute, leftMs: (minute + 1) * minuteMs - ms, day, month: day.slice(0, 6) };
}

/** When the day or the month of an instant ends, as ISO 8601 in UTC. */
export function endOfPeriod({ ms }: Instant, period: 'day' | 'month'): string {
  const date = new Date(ms);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  const end = period === 'day' ? Date.UTC(year, month, day + 1) : Date.UTC(year, month + 1, 1);
  return new Date(end).toISOString().replace('.000', '');
}
