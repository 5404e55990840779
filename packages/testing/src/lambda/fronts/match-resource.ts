/** The REST resource that matches a path. */
export interface ResourceMatch {
  readonly resource: string;
  readonly pathParameters: Readonly<Record<string, string>> | null;
}

/**
 * Matches a path against a resource, which is fixed or ends with `{proxy+}`. The root path has its own resource.
 * Path parameters remain percent-encoded, as in REST APIs.
 */
export function matchResource(path: string, resource: string): ResourceMatch | undefined {
  if (path === '/') return { resource: '/', pathParameters: null };
  const [prefix, ending] = resource.split('{proxy+}');
  if (ending === undefined) return path === resource ? { resource, pathParameters: null } : undefined;
  if (prefix === undefined || !path.startsWith(prefix) || path.length === prefix.length) return undefined;
  return { resource, pathParameters: { proxy: path.slice(prefix.length) } };
}
