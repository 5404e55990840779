/** What credentials look like, and what stands in their place. */
export const credentialForms: readonly (readonly [what: RegExp, instead: string])[] = [
  [/AWS4-(?:HMAC|ECDSA-P256)-SHA256\b[^"'`]{0,800}?\bSignature=\w+/g, '[signature]'],
  [/\bbearer\s+[^\s"'`,;]+/gi, '[token]'],
  [/\beyJ[\w-]{6,}(?:\.[\w-]*){0,4}/g, '[token]'],
  [
    /\b((?:x-amz-[\w-]+|authorization|(?:aws_)?(?:session|security|access|secret|id)[-_ ]?(?:access[-_ ]?)?(?:token|key)(?:[-_ ]?id)?|signature|credential|password|api[-_ ]?key)["']?\s*[:=]\s*)["']?[^\s"'`,;&)]+/gi,
    '$1[secret]',
  ],
  [/\b(?:A3T[A-Z0-9]|A[A-Z]{2}A|ABSK|bedrock-api-key-)[A-Za-z0-9+/=_-]{12,}(?::[\w+=,.@-]+)?/g, '[key]'],
];

/** A text without anything in it that could be used to call somebody; names, ARNs and hosts stay. */
export function redactCredentials(text: string): string {
  return credentialForms.reduce((clean, [what, instead]) => clean.replace(what, instead), text);
}
