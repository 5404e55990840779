/** The endpoints of the local server and their paths. */
export const fronts = [
  { path: '/', name: 'Function URL (events)' },
  { path: '/prod/chat', name: 'REST API (array)' },
  { path: '/http/chat', name: 'HTTP API (array)' },
  { path: '/stream/chat', name: 'REST API that streams (events)' },
];
