/** Patterns of credentials, each with its replacement. */
export const credentialForms: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/AWS4-(?:HMAC|ECDSA-P256)-SHA256\b[^"'`]{0,800}?\bSignature=\w+/g, '[signature]'],
  [/\bbearer\s+[^\s"'`,;]+/gi, '[token]'],
  [/\beyJ[\w-]{6,}(?:\.[\w-]*){0,4}/g, '[token]'],
  [
    /\b((?:x-amz-[\w-]+|authorization|(?:aws_)?(?:session|security|access|secret|id)[-_ ]?(?:access[-_ ]?)?(?:token|key)(?:[-_ ]?id)?|signature|credential|password|api[-_ ]?key)["']?\s*[:=]\s*)["']?[^\s"'`,;&)]+/gi,
    '$1[secret]',
  ],
  [/\b(?:A3T[A-Z0-9]|A[A-Z]{2}A|ABSK|bedrock-api-key-)[A-Za-z0-9+/=_-]{12,}(?::[\w+=,.@-]+)?/g, '[key]'],
];

/** Replaces the credentials in a text with placeholders. Names, ARNs and hosts stay. */
export function redactCredentials(text: string): string {
  return credentialForms.reduce((redacted, [pattern, replacement]) => redacted.replace(pattern, replacement), text);
}
