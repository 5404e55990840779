import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createScratchProject, type ScratchProject } from './scratch-project.ts';

let project: ScratchProject;

beforeAll(async () => {
  project = await createScratchProject(join(import.meta.dirname, 'uses'));
});

afterAll(() => project?.remove());

describe('the packed packages in another project', () => {
  it.each([
    { module: 'nodenext', moduleResolution: 'nodenext' },
    { module: 'esnext', moduleResolution: 'bundler' },
  ])('type-check under moduleResolution $moduleResolution', async (resolution) => {
    const compilerOptions = {
      ...resolution,
      target: 'es2023',
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      allowImportingTsExtensions: true,
      noEmit: true,
      types: ['node'],
      skipLibCheck: true,
    };
    const file = `tsconfig.${resolution.moduleResolution}.json`;
    writeFileSync(join(project.folder, file), JSON.stringify({ compilerOptions, include: ['src'] }));
    await expect(project.run('node_modules/typescript/bin/tsc6', '--project', file)).resolves.toBe('');
  });

  it('have declarations without type errors', async () => {
    // The compiler checks all libraries or none. This test ignores the errors of other libraries.
    const declarations = packagedFiles('.d.ts');
    expect(declarations.length).toBeGreaterThan(50);
    const compilerOptions = { module: 'nodenext', target: 'es2023', strict: true, noEmit: true, types: ['node'] };
    writeFileSync(
      join(project.folder, 'tsconfig.declarations.json'),
      JSON.stringify({ compilerOptions: { ...compilerOptions, skipLibCheck: false }, files: declarations }),
    );
    const problems = await project
      .run('node_modules/typescript/bin/tsc6', '--project', 'tsconfig.declarations.json')
      .catch((error: Error) => error.message);
    // One entry of core has the types of an optional peer, which this project leaves out: nothing else may need it.
    const missingPeer =
      /^node_modules\/@bedrock-proxy\/core\/dist\/opentelemetry\/.*Cannot find module '@opentelemetry\/api'/;
    const own = problems.split('\n').filter((line) => line.includes('node_modules/@bedrock-proxy/'));
    expect(own.filter((line) => !missingPeer.test(line))).toEqual([]);
  });

  it('do not depend on the types of Lambda', () => {
    expect(existsSync(join(project.folder, 'node_modules/@types/aws-lambda'))).toBe(false);
    for (const file of packagedFiles('.d.ts')) {
      expect(readFileSync(join(project.folder, file), 'utf8')).not.toMatch(/['"]aws-lambda['"]/);
    }
  });

  it('work in a program that imports core', async () => {
    expect(JSON.parse(await project.run('src/import-core.ts'))).toEqual({
      isWhole: true,
      counts: 'number',
      stopReason: 'stop',
      refusal: 'upstream_denied',
    });
  });

  it('work in a unit test with the fake', async () => {
    const report = join(project.folder, 'report.json');
    await project.run('node_modules/vitest/vitest.mjs', 'run', '--reporter=json', `--outputFile=${report}`);
    expect(JSON.parse(readFileSync(report, 'utf8'))).toMatchObject({ success: true, numPassedTests: 1 });
  });

  it('work in a deployment with a custom policy', async () => {
    const lines = (await project.run('src/call-deployed.ts')).trimEnd().split('\n');
    expect(JSON.parse(lines.at(-1) ?? '')).toEqual({
      guest: 'data: {"content":"Hel"}\n\ndata: {"content":"lo"}\n\ndata: [DONE]\n\n',
      stranger: '401 invalid_token',
      outside: '403 ip_not_allowed',
    });
  });
});

function packagedFiles(extension: string): readonly string[] {
  return readdirSync(join(project.folder, 'node_modules/@bedrock-proxy'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(extension))
    .map((path) => join('node_modules/@bedrock-proxy', path));
}
