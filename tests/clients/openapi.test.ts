import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from './local-server.ts';

interface Schema {
  readonly $ref?: string;
  readonly required?: readonly string[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
}
interface Body {
  readonly schema: Schema;
  readonly example?: unknown;
}
interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly example: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Body>> };
  readonly responses: Readonly<Record<string, { readonly content: Readonly<Record<string, Body>> }>>;
  readonly security?: readonly unknown[];
}
interface Description {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const file = join(import.meta.dirname, '../../docs/openapi.json');
const description: Description = JSON.parse(readFileSync(file, 'utf8'));
const operations = Object.entries(description.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
);
const token = 'a-token-of-some-length';

let server: LocalServer;
beforeAll(async () => {
  server = await startLocalServer({ AUTH_TOKEN: token, LISTED_MODELS: 'global.amazon.nova-2-lite-v1:0' });
});
afterAll(async () => {
  expect(await server.stop()).toBe(0);
});

/** Sends the example of an operation, or another body. */
async function send(
  { method, path, operation }: (typeof operations)[number],
  { body = operation.requestBody?.content['application/json']?.example, authorization = `Bearer ${token}` } = {},
) {
  const parameters = operation.parameters ?? [];
  const filled = parameters.reduce((text, { name, example }) => text.replace(`{${name}}`, example), path);
  return await fetch(server.url + filled, {
    method,
    headers: { authorization, 'content-type': 'application/json' },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
}

/** Checks the required members and the constants of a schema. */
function check(value: unknown, { $ref, required = [], const: constant, properties = {} }: Schema): void {
  if ($ref) check(value, description.components.schemas[$ref.split('/').at(-1) ?? ''] ?? { required: ['?'] });
  if (constant !== undefined) expect(value).toBe(constant);
  const members = Object(value) as Record<string, unknown>;
  for (const name of required) expect(members).toHaveProperty([name]);
  for (const [name, schema] of Object.entries(properties)) if (name in members) check(members[name], schema);
}

async function expectDescribed(response: Response, operation: Operation): Promise<void> {
  const { content } = operation.responses[response.status] ?? operation.responses['default'] ?? { content: {} };
  const [type = ''] = (response.headers.get('content-type') ?? '').split(';');
  expect(Object.keys(content)).toContain(type);
  expect(response.headers.get('x-request-id')).not.toBeNull();
  const text = await response.text();
  if (type === 'application/json') check(JSON.parse(text), content[type]?.schema ?? {});
}

describe('the description of the API', () => {
  it('is OpenAPI 3.1, and has every route of the README', () => {
    expect(description.openapi).toMatch(/^3\.1\.\d$/);
    const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
    const routes = [...readme.matchAll(/`(\/v1\/[a-z_/]+)`/g)].map(([, route = '']) => route);
    expect(routes.length).toBeGreaterThan(4);
    for (const route of routes) expect(description.paths).toHaveProperty([route]);
  });

  it.each(operations)('is what the server does: $method $path', async (operation) => {
    const response = await send(operation);
    expect(response.status).toBe(200);
    await expectDescribed(response, operation.operation);
  });

  it.each(operations.filter(({ operation }) => operation.security === undefined))(
    'has the error of the server for a wrong token: $method $path',
    async (operation) => {
      const response = await send(operation, { authorization: 'Bearer wrong' });
      expect(response.status).toBeGreaterThanOrEqual(400);
      await expectDescribed(response, operation.operation);
    },
  );

  it.each(operations.filter(({ method }) => method === 'POST'))(
    'has the error of the server for a wrong body: $method $path',
    async (operation) => {
      const response = await send(operation, { body: 'no JSON' });
      expect(response.status).toBe(400);
      await expectDescribed(response, operation.operation);
    },
  );

  // Any other method of /health is a request of the native API.
  it.each(operations.filter(({ path }) => path !== '/health'))(
    'has every method of the path: $path',
    async (operation) => {
      const response = await send({ ...operation, method: 'DELETE' });
      expect(response.status).toBe(405);
      expect(response.headers.get('allow')).toMatch(new RegExp(`\\b${operation.method}\\b`));
    },
  );
});
