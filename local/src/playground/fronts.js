/** The fronts of the local server, by the path that leads to each. */
export const fronts = [
  { path: '/', name: 'Function URL (events)' },
  { path: '/prod/chat', name: 'REST API (array)' },
  { path: '/http/chat', name: 'HTTP API (array)' },
  { path: '/stream/chat', name: 'REST API that streams (events)' },
];
