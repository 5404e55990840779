/**
 * The endpoints of the local server. `path` is for the proxy's own API, `base` stands before the paths of other APIs.
 */
export const fronts = [
  { path: '/', base: '', name: 'Function URL (events)' },
  { path: '/prod/chat', base: '/prod', name: 'REST API (array)' },
  { path: '/http/chat', base: '/http', name: 'HTTP API (array)' },
  { path: '/stream/chat', base: '/stream', name: 'REST API that streams (events)' },
];
