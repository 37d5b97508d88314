import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ContractEvidence, contractText, odcsText } from '../../src/cli/generate/contract-text.ts';
import type { Cell } from '../../src/frames/cell.ts';
import { exactJson } from '../../src/frames/exact-json/exact-json.ts';
import { canonicalTexts } from '../../src/frames/row-sum/row-hashes.ts';
import { apartOnly, judged } from '../../src/frames/rules/judge.ts';
import type { Column, DataType, Schema } from '../../src/frames/schema.ts';
import type { PolarsFrame } from '../../src/frames/values/polars-frame.ts';
import { frameOf } from '../support/parquet-files.ts';
import { SEED } from '../support/samples.ts';
import { load } from '../workspace/shop.ts';

const types: readonly (readonly [DataType, fc.Arbitrary<Cell>])[] = [
  [{ kind: 'int8' }, fc.integer({ min: -2, max: 9 })],
  [{ kind: 'int64' }, fc.bigInt({ min: -1n, max: 2n ** 62n })],
  [{ kind: 'uint64' }, fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })],
  [{ kind: 'decimal', precision: 20, scale: 3 }, fc.bigInt({ min: -5n, max: 10n ** 15n })],
  [{ kind: 'decimal', precision: 5, scale: 0 }, fc.bigInt({ min: 0n, max: 99_999n })],
  [{ kind: 'float64' }, fc.constantFrom(0, -0, 1.5, Number.NaN, Number.POSITIVE_INFINITY, -3)],
  [{ kind: 'string' }, fc.constantFrom('open', 'closed', 'on hold', 'a "b"', 'null', '1')],
  [{ kind: 'string' }, fc.constantFrom('yes', 'no')],
  [{ kind: 'bool' }, fc.boolean()],
  [{ kind: 'date' }, fc.integer({ min: -1000, max: 30_000 })],
  [{ kind: 'timestamp', unit: 'us', zone: 'UTC' }, fc.bigInt({ min: -(2n ** 40n), max: 2n ** 50n })],
  [{ kind: 'timestamp', unit: 'ns' }, fc.bigInt({ min: -(2n ** 40n), max: 2n ** 60n })],
];

const columnOf = fc.record({ at: fc.nat({ max: types.length - 1 }), nullable: fc.boolean(), nulls: fc.boolean() });
const names = ['id', 'odd name', 'Ærø', 'null', 'a: b', '#7', 'yes', 'x"y'];

interface Case {
  readonly schema: Schema;
  readonly seen: readonly (readonly Cell[])[];
  readonly later: readonly (readonly Cell[])[];
}

const cases: fc.Arbitrary<Case> = fc.array(columnOf, { minLength: 1, maxLength: names.length }).chain((some) => {
  const columns = some.map(({ at, nullable }, i): Column => ({ name: names[i] ?? '', type: types[at]?.[0] ?? { kind: 'bool' }, nullable }));
  const rowOf = (withNulls: (i: number) => boolean) =>
    fc.tuple(
      ...some.map(({ at }, i) =>
        withNulls(i) ? fc.option(types[at]?.[1] ?? fc.boolean(), { freq: 5 }) : (types[at]?.[1] ?? fc.boolean()),
      ),
    );
  return fc.record({
    schema: fc.constant({ columns }),
    seen: fc.array(
      rowOf((i) => some[i]?.nulls === true && some[i]?.nullable === true),
      { maxLength: 40 },
    ),
    later: fc.array(
      rowOf(() => true),
      { minLength: 1, maxLength: 20 },
    ),
  });
});

const evidenceOf = ({ schema, seen }: Case): ContractEvidence => ({
  ...{ flow: 'crm', entity: 'orders', shown: 'crm.orders', kind: 'source', columns: schema.columns },
  rows: seen.map((row) => row.map((cell, i) => exactJson(schema.columns[i]?.type ?? { kind: 'null' }, cell))),
});

async function specWith(name: string, contract: string) {
  const { flows } = await load({
    'hygge.yml': 'name: shop\n',
    'flows/crm/flow.yml': `home: in\nstore: out\nentities: [orders]\nvalidation: { contract: ${name}, mode: quarantine }\n`,
    [name]: contract,
  });
  const spec = flows[0]?.entities[0];
  if (spec?.validation === undefined) throw new Error('no contract was read');
  return {
    expected: spec.schema.expected,
    expectsOthers: spec.schema.expectsOthers,
    rules: spec.validation.rules,
    checks: spec.validation.checks,
  };
}

const kept = async (frame: PolarsFrame, spec: { readonly rules: Parameters<typeof judged>[1]['rules'] }) => {
  const found = await judged(frame, { ...apartOnly, rules: spec.rules });
  return canonicalTexts(found.kept, found.kept.schema.columns);
};

test('a proposed contract is read back in both forms, the rows seen keep it, and both forms judge later rows alike', async () => {
  await fc.assert(
    fc.asyncProperty(cases, async (one) => {
      const evidence = evidenceOf(one);
      const plain = await specWith('c.yml', contractText(evidence));
      const odcs = await specWith('c.odcs.yaml', odcsText(evidence));
      expect(odcs.expected).toEqual(plain.expected);
      expect([odcs.expectsOthers, odcs.checks]).toEqual([plain.expectsOthers, plain.checks]);
      if (one.seen.length > 0) {
        const frame = await frameOf(one.schema, one.seen);
        expect((await kept(frame, odcs)).length).toBe(one.seen.length);
        expect((await kept(frame, plain)).length).toBe(one.seen.length);
      }
      const later = await frameOf({ columns: one.schema.columns.map((column) => ({ ...column, nullable: true })) }, one.later);
      expect(await kept(later, odcs)).toEqual(await kept(later, plain));
    }),
    { seed: SEED, numRuns: 10 },
  );
});
