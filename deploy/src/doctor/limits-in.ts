import type { Answer } from './ask.ts';

/** The rest of the caller's limits, if the proxy has limits and states them in headers. */
export function limitsIn({ headers }: Pick<Answer, 'headers'>): string {
  const remaining = [...headers].filter(([name]) => name.includes('ratelimit') && name.includes('remaining'));
  if (remaining.length === 0) return '';
  return `; limits: ${remaining.map(([name, value]) => `${name} ${value}`).join(', ')}`;
}
