import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { DeploymentError } from '../deployment-error.ts';
import type { UsageItem } from './summarize-usage.ts';

/** The table to read. */
export interface TablePlace {
  readonly table: string;
  readonly region?: string | undefined;
}

/**
 * Reads all items of a table, page by page. `onPage` is told how many items were read so far.
 *
 * @throws {DeploymentError} if the table cannot be read
 */
export async function readTable({ table, region }: TablePlace, onPage: (items: number) => void): Promise<UsageItem[]> {
  const client = new DynamoDBClient({ ...(region !== undefined && { region }) });
  const items: UsageItem[] = [];
  try {
    let next: Record<string, never> | undefined | object;
    do {
      const page = await client.send(
        new ScanCommand({ TableName: table, ...(next && { ExclusiveStartKey: next as Record<string, never> }) }),
      );
      for (const { k, x: _, ...counters } of page.Items ?? []) {
        const counts = Object.entries(counters).map(([name, { N }]) => [name, Number(N)] as const);
        items.push({ key: k?.S ?? '', counters: Object.fromEntries(counts) });
      }
      onPage(items.length);
      next = page.LastEvaluatedKey;
    } while (next);
  } catch (error) {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw new DeploymentError(
      `The table ${table} cannot be read. You need dynamodb:Scan on it, and the right Region and profile. ${reason}`,
    );
  } finally {
    client.destroy();
  }
  return items;
}
