/** The result of one check. If the check failed or was skipped, `fix` tells the user what to do. */
export type Finding =
  | { readonly check: string; readonly verdict: 'ok'; readonly line: string }
  | { readonly check: string; readonly verdict: 'fail' | 'skip'; readonly line: string; readonly fix: string };

/** Formats a finding for the terminal. Redacts the token, because an answer could repeat it. */
export function renderFinding(finding: Finding, token: string | undefined): string {
  const { check, verdict, line } = finding;
  const fix = finding.verdict === 'ok' ? '' : `\n      fix: ${finding.fix}`;
  const text = `${verdict.padEnd(5)} ${check.padEnd(10)} ${line}${fix}`;
  return token === undefined ? text : text.replaceAll(token, '[token]');
}
