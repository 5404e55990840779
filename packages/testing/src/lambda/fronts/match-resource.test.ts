import { expect, it } from 'vitest';
import { matchResource } from './match-resource.js';

it.each([
  ['/', '/{proxy+}', { resource: '/', pathParameters: null }],
  ['/a/b', '/{proxy+}', { resource: '/{proxy+}', pathParameters: { proxy: 'a/b' } }],
  ['/a%2Fb', '/{proxy+}', { resource: '/{proxy+}', pathParameters: { proxy: 'a%2Fb' } }],
  ['/chat/x', '/chat/{proxy+}', { resource: '/chat/{proxy+}', pathParameters: { proxy: 'x' } }],
  ['/chat', '/chat', { resource: '/chat', pathParameters: null }],
  ['/chat/', '/chat/{proxy+}', undefined],
  ['/chats/x', '/chat/{proxy+}', undefined],
  ['/chat/x', '/chat', undefined],
])('matches %s with the resource %s as %j', (path, resource, match) => {
  expect(matchResource(path, resource)).toEqual(match);
});
