const longest = 600;

/** Bedrock's own sentence without what is none of a client's business: ARNs, account ids, hosts, addresses, tokens, stacks. */
export function cleanMessage(message: string): string {
  return (message.split(/\r?\n\s*at /)[0] ?? '')
    .replace(/arn:[\w-]*:[^\s"',;)\]}>]+/gi, '[arn]')
    .replace(/\bhttps?:\/\/[^\s"',;)\]}>]+/gi, '[url]')
    .replace(/\b(?:[\w-]+\.)+(?:amazonaws\.com(?:\.cn)?|on\.aws|aws\.dev|internal)\b[^\s"',;)\]}>]*/gi, '[host]')
    .replace(/\b(?:AKIA|ASIA|AROA|AIDA|ABSK)[A-Za-z0-9+/=_-]{8,}/g, '[key]')
    .replace(/\bbearer\s+\S+/gi, '[token]')
    .replace(/\beyJ[\w-]+\.[\w-]+\.?[\w-]*/g, '[token]')
    .replace(/\b\d{1,3}(?:\.\d{1,3}){3}\b/g, '[address]')
    .replace(/(?<![\w.-])\d{12}(?![\w.-])/g, '[account]')
    .trim()
    .slice(0, longest);
}
