import type { Codes } from './entry.ts';

/** Mistakes in the request for a comparison with the source. */
export const verifyUsageCodes = {
  'HYG-1913': {
    title: 'Not a valid scope of verify',
    meaning:
      '`--range` needs two values of the watermark’s type, the first below the second. `--columns` and `--key` need names of settled columns.',
    why: 'The values are in the wrong order or of another type. Or a column is misspelt, is masked, or is filled in by hygge.',
    tryThis: ['Write the values as the column has them, such as `--range 2024-01-01..2024-02-01`.'],
  },
  'HYG-1914': {
    title: 'Not a folder for a proof',
    meaning: '`--proof` writes into a folder that is missing, empty, or has an earlier proof of the same entity.',
  },
} as const satisfies Codes;

/** Why a comparison with the source stopped. */
export const verifyCodes = {
  'HYG-2091': {
    title: 'No range to compare',
    meaning:
      '`hygge verify --range` divides rows by the watermark. The entity has no settled watermark, or its source or destination can’t be read by the watermark.',
    tryThis: ['Compare all rows: leave `--range` out.', 'Or compare some keys of the entity: `--sample 1%`.'],
  },
  'HYG-2092': {
    title: 'Nothing to prove by SQL',
    meaning: '`hygge verify --proof` writes SQL that sums the rows of the source or destination. Neither of the two supports such SQL.',
    why: 'Both sides are source files, files of another format than parquet and CSV with a header, or SQL Server. Or a column has a type whose text SQL can’t produce.',
    tryThis: ['Compare without `--proof`.', 'Or leave such columns out: `--columns a,b`.'],
  },
  'HYG-2093': {
    title: 'A proof with another sum',
    meaning: 'The SQL of the proof gave another sum than the comparison. No proof is written.',
    tryThis: ['Run it again when no program writes to the table.'],
  },
  'HYG-2095': {
    title: 'Source and destination differ',
    meaning: 'A comparison of the entity with its source found rows that differ. Settled rows and the watermark are unchanged.',
    why: 'Rows were changed or removed in the source without a newer watermark, or another program wrote to the destination.',
    tryThis: ['See which rows and columns differ: `hygge verify flow.entity`.', 'Load the entity again: `hygge go -d -e flow.entity`.'],
  },
  'HYG-2096': {
    title: 'Settled rows are not replicated',
    meaning:
      'With `verify: { replicated: …, on_difference: fail }` a run waits until Fabric has applied the settled rows. Fabric has not done so in time, or its replication has stopped. The rows have settled, and the watermark is unchanged.',
    why: 'Replication of the mirrored database or of the table stopped for an earlier error, its capacity is busy, or Fabric takes longer.',
    tryThis: ['Look at the table under Monitor replication in Fabric.', 'Wait longer: `verify: { replicated: 1h }`.'],
  },
  'HYG-2147': {
    title: 'Three comparisons in a row without an answer',
    meaning:
      'With `verify: { on_difference: fail }` a run compares the settled rows with the source. The source or the destination changed during each of the last three comparisons, so none has an answer. The rows have settled, and the watermark is unchanged.',
    tryThis: [
      'Compare at a time with fewer writes: `hygge verify flow.entity`, by a schedule of its own.',
      'Or compare a part of the rows: `hygge verify flow.entity --sample 10%`.',
    ],
  },
  'HYG-2134': {
    title: 'A repair that removes many rows',
    meaning:
      '`hygge verify --repair` would remove more settled rows than its limit. The limit is 5% of the compared settled rows, or 10 rows if that is more, but never more than half. Or its source has no rows at all, or rows whose key can’t be read. Nothing was removed. `--yes` does not allow this removal.',
    why: 'The source was emptied, restored in part or filtered, or the config names another table. Or the rows were deleted in the source on purpose.',
    tryThis: [
      'Check that the source has all its rows, and repair again.',
      'If the rows may go, repeat the number of the plan: `hygge verify flow.entity --repair --removes 999`.',
    ],
  },
  'HYG-2135': {
    title: '--removes is not the number of the plan',
    meaning: '`--removes` says how many settled rows a repair may remove. The plan removes another number. Nothing was removed.',
    tryThis: ['See which rows the plan removes: `hygge verify flow.entity`.', 'Then repeat the number of the plan that is shown now.'],
  },
  'HYG-2136': {
    title: 'More rows would go than a repair planned',
    meaning:
      'After a repair was planned, the source lost rows in the ranges of the repair, or some rows there became bad. The repair would remove more settled rows than its plan said, so it has changed nothing.',
    tryThis: ['Compare and plan again: `hygge verify flow.entity --repair`.'],
  },
} as const satisfies Codes;
