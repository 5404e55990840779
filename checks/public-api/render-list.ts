import type { Door, OpenDoor } from './door.ts';

/** The file that holds the list of a door, in checks/api. */
export function listName({ specifier }: Door): string {
  return `${specifier.replace(/^@bedrock-proxy\//, '').replaceAll('/', '-')}.api.txt`;
}

/** The list of a door, for people to review: one paragraph for each exported name, by name. */
export function renderList({ specifier, names }: OpenDoor): string {
  const head = `# What ${specifier} exports. \`npm run api\` writes this file.`;
  return `${[head, ...names.map(({ text }) => text)].join('\n\n')}\n`;
}
