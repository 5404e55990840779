import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { installPackages } from '../real-clients/installed-packages.ts';

/** A DynamoDB in memory, with tables that were just created. */
export interface Dynalite extends AsyncDisposable {
  readonly url: string;
  /** Calls an operation, such as `Scan`. */
  call(operation: string, input: object): Promise<Readonly<Record<string, unknown>>>;
  /** Creates a table as the limits need it, and returns its name. */
  createTable(): Promise<string>;
  /** The counters of each key in a table. */
  items(table: string): Promise<Readonly<Record<string, Readonly<Record<string, number>>>>>;
}

let tables = 0;

/** Starts dynalite, which is installed outside of the workspace's dependencies. */
export async function startDynalite(): Promise<Dynalite> {
  const packages = await installPackages({ dynalite: '4.0.0' });
  const { default: dynalite } = await packages.load<{ default(options: object): Server }>('dynalite');
  const server = dynalite({ createTableMs: 0 });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function call(operation: string, input: object) {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDB_20120810.${operation}`,
        'x-amz-date': '20261126T000000Z',
        authorization:
          'AWS4-HMAC-SHA256 Credential=test/20261126/us-east-1/dynamodb/aws4_request, SignedHeaders=host;x-amz-date, Signature=00',
      },
      body: JSON.stringify(input),
    });
    const answer = (await response.json()) as Readonly<Record<string, unknown>>;
    if (!response.ok) throw new Error(`${operation}: ${response.status} ${JSON.stringify(answer)}`);
    return answer;
  }

  return {
    url,
    call,
    async createTable() {
      const TableName = `limits-${++tables}`;
      await call('CreateTable', {
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'k', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'k', AttributeType: 'S' }],
      });
      for (;;) {
        const { Table } = await call('DescribeTable', { TableName });
        if ((Table as { TableStatus?: string }).TableStatus === 'ACTIVE') return TableName;
      }
    },
    async items(TableName) {
      const { Items } = await call('Scan', { TableName });
      const rows = (Items as Record<string, { S?: string; N?: string }>[]).map(({ k, ...counters }) => [
        k?.S ?? '',
        Object.fromEntries(Object.entries(counters).map(([name, { N }]) => [name, Number(N)])),
      ]);
      return Object.fromEntries(rows);
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections?.();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
