/** What the log says of an error: its name, message and stack, and those of its causes, without credentials. */
export function describeCause(error: unknown, depth = 4): object {
  if (!(error instanceof Error)) return { message: redactCredentials(nameOf(error)) };
  return {
    name: error.name,
    message: redactCredentials(error.message),
    stack: error.stack && redactCredentials(error.stack),
    ...(error.cause !== undefined && depth > 1 && { cause: describeCause(error.cause, depth - 1) }),
  };
}

// An object is named and no more: it may hold an answer, or have nothing that makes a string of it.
function nameOf(value: unknown): string {
  return typeof value === 'object' && value !== null ? Object.prototype.toString.call(value) : String(value);
}

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
