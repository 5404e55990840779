/** What one check found: what is well, what is not and how to mend it, or what could not be looked at. */
export type Finding =
  | { readonly check: string; readonly verdict: 'ok'; readonly line: string }
  | { readonly check: string; readonly verdict: 'fail' | 'skip'; readonly line: string; readonly mend: string };

/** A finding as it is printed, with the token blotted out wherever an answer might repeat it. */
export function renderFinding(finding: Finding, token: string | undefined): string {
  const { check, verdict, line } = finding;
  const mend = finding.verdict === 'ok' ? '' : `\n      mend: ${finding.mend}`;
  const text = `${verdict.padEnd(5)} ${check.padEnd(10)} ${line}${mend}`;
  return token === undefined ? text : text.replaceAll(token, '[token]');
}
