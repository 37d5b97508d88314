import { expect, test } from 'vitest';
import type { Frame } from '../../src/engine/contracts/frame.ts';
import type { Home, PlannedFile } from '../../src/engine/contracts/home.ts';
import type { EntitySpec } from '../../src/engine/contracts/spec.ts';
import { lackingPlannedFiles } from '../../src/engine/validation/lacking-files.ts';
import type { Schema } from '../../src/frames/schema.ts';

const spec = {
  ...{ flow: 'f', entity: 'e', where: undefined, checks: [] },
  validation: { mode: 'fail', needed: ['amt'], rules: [] },
  schema: { policies: { removeColumns: 'fail' } },
} as unknown as EntitySpec;

const schema: Schema = { columns: [{ name: 'amt', type: { kind: 'int64' }, nullable: true }] };
const plan = {
  ...{ schema, origins: ['amt'], drift: [], boundaryWindow: null, window: {}, windows: [] },
  slices: [{ slice: { ref: null, rows: null, bytes: null }, work: { kind: 'read', window: 0 } }],
} as unknown as Parameters<typeof lackingPlannedFiles>[2];

/** A home of files without the column, which gives so many rows of each. */
function homeOf(rows: Readonly<Record<string, number>>): Home {
  const files = Object.keys(rows).map((path): PlannedFile => ({ path, origin: path, columns: ['id'] }));
  return {
    files: { isOne: false, newest: async () => undefined, planned: async () => files },
    async *read() {
      for (const { origin } of files) yield { fingerprint: null, schema, rows: rows[origin], origin } as unknown as Frame;
    },
  } as unknown as Home;
}

const stopsAt = (rows: Readonly<Record<string, number>>) =>
  lackingPlannedFiles(spec, homeOf(rows), plan, new AbortController().signal).then(
    () => null,
    ({ message }: Error) => message,
  );

test('a dry run stops at the first file with a row, and at none of which no row is read', async () => {
  expect(await stopsAt({ 'a.csv': 0, 'b.csv': 0 })).toBeNull();
  expect(await stopsAt({ 'a.csv': 0, 'b.csv': 2 })).toContain('b.csv does not have the column amt');
});
