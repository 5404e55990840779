/** A path that a REST resource claims. */
export interface ResourceMatch {
  readonly resource: string;
  readonly pathParameters: Readonly<Record<string, string>> | null;
}

/**
 * Matches a path against a resource that is fixed or ends in `{proxy+}`; the root belongs to a resource of its own.
 * Path parameters keep their percent-encoding, as REST APIs give them.
 */
export function matchResource(path: string, resource: string): ResourceMatch | undefined {
  if (path === '/') return { resource: '/', pathParameters: null };
  const [prefix, ending] = resource.split('{proxy+}');
  if (ending === undefined) return path === resource ? { resource, pathParameters: null } : undefined;
  if (prefix === undefined || !path.startsWith(prefix) || path.length === prefix.length) return undefined;
  return { resource, pathParameters: { proxy: path.slice(prefix.length) } };
}
