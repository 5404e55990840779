/** The result of one check. Unless it is `ok`, `fix` tells the user what to do. A `warn` is no failure. */
export type Finding =
  | { readonly check: string; readonly verdict: 'ok'; readonly line: string }
  | { readonly check: string; readonly verdict: 'warn' | 'fail' | 'skip'; readonly line: string; readonly fix: string };

/** Formats a finding for the terminal. Redacts the token, because an answer could repeat it. */
export function renderFinding(finding: Finding, token: string | undefined): string {
  const { check, verdict, line } = finding;
  const fix = finding.verdict === 'ok' ? '' : `\n      fix: ${finding.fix}`;
  const text = `${verdict.padEnd(5)} ${check.padEnd(10)} ${line}${fix}`;
  return token === undefined ? text : text.replaceAll(token, '[token]');
}
